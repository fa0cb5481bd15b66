import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { FastifyHttpOptions } from "fastify";

/** What a client may hold of the server; milliseconds. */
export interface ConnectionLimits {
  /** For headers and body to arrive whole, from the connection or the end of the request before. */
  arrivalMs: number;
  /** Between two requests. */
  idleMs: number;
  /** How often what has not arrived is looked for: so much later it may be answered. */
  everyMs: number;
  /** 0: any number. A hospital behind one address has hundreds of browsers; whoever trickles has no more than these. */
  perAddress: number;
}

const DEFAULTS: ConnectionLimits = { arrivalMs: 30_000, idleMs: 75_000, everyMs: 1_000, perAddress: 512 };

export function serverTimes(limits: Partial<ConnectionLimits>) {
  const { arrivalMs, idleMs, everyMs } = { ...DEFAULTS, ...limits };
  return {
    requestTimeout: arrivalMs,
    keepAliveTimeout: idleMs,
    http: { headersTimeout: arrivalMs, requestTimeout: arrivalMs, connectionsCheckingInterval: everyMs },
  } satisfies Partial<FastifyHttpOptions<Server>>;
}

/** Closes each connection of an address beyond its number at once: nothing of it is read, and nothing is answered. */
export function boundConnections(server: Server, limits: Partial<ConnectionLimits>): void {
  const { perAddress } = { ...DEFAULTS, ...limits };
  if (perAddress === 0) return;
  const open = new Map<string, number>();
  server.prependListener("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const others = open.get(address) ?? 0;
    if (others >= perAddress) {
      socket.destroy();
      return;
    }
    open.set(address, others + 1);
    socket.once("close", () => {
      const left = open.get(address)! - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}

/**
 * Browsers open connections ahead of what they are going to ask. Such a one is no request to be waited for at the end,
 * and once the server closes nobody looks any more for how long it says nothing. Returns what begins the end.
 */
export function forgoUnused(server: Server): () => void {
  const open = new Set<Socket>();
  let isEnding = false;
  server.on("connection", (socket: Socket) => {
    if (isEnding) return void socket.destroy();
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return () => {
    isEnding = true;
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}
