import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** On the way to a server: passes bytes on, until it is closed (then nobody answers at its address) or silent. */
export class Proxy {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly onward = new Set<Socket>();
  private port = 0;
  private isSilent = false;

  constructor(
    private readonly targetPort: number,
    private readonly targetHost: string,
  ) {}

  /** Opened, before the server of a URL; gives the URL that leads through it. */
  static async before(address: string): Promise<{ proxy: Proxy; url: string }> {
    const url = new URL(address);
    const proxy = new Proxy(Number(url.port), url.hostname);
    url.host = `127.0.0.1:${await proxy.open()}`;
    return { proxy, url: url.toString() };
  }

  async open(): Promise<number> {
    this.server = createServer((socket) => this.accept(socket)).listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as { port: number }).port;
    return this.port;
  }

  /** What is sent still arrives, and no answer comes back. */
  deafen(): void {
    for (const answers of this.onward) answers.unpipe();
  }

  /** As a host that vanished: nothing arrives and nothing comes back, not even that somebody hung up. */
  fallSilent(): void {
    this.isSilent = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** Who connects from now on is heard; those before are forgotten. */
  speak(): void {
    this.isSilent = false;
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    server.close();
    await once(server, "close");
  }

  private accept(socket: Socket): void {
    const ends = this.isSilent ? [socket] : [socket, connect(this.targetPort, this.targetHost)];
    for (const end of ends) {
      this.sockets.add(end);
      end
        .on("error", () => undefined)
        .on("close", () => {
          this.sockets.delete(end);
          if (!this.isSilent) for (const other of ends) other.destroy();
        });
    }
    const onward = ends[1];
    if (!onward) return void socket.pause();
    this.onward.add(onward.on("close", () => this.onward.delete(onward)));
    socket.pipe(onward).pipe(socket);
  }
}
