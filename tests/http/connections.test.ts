import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, it } from "@jest/globals";
import { makeHttpAdapter } from "../../src/http/adapter.js";
import { until } from "../support/until.js";
import type { ConnectionLimits } from "../../src/http/connections.js";

const sockets: Socket[] = [];
let close = async (): Promise<void> => {};
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await close();
});

async function listen(limits: Partial<ConnectionLimits>): Promise<(text?: string) => Connection> {
  const server = makeHttpAdapter({ everyMs: 20, ...limits }).getInstance();
  server.post("/", (_request, reply) => reply.send({ done: true }));
  await server.listen({ port: 0, host: "127.0.0.1" });
  close = () => server.close();
  return (text = "") => open((server.server.address() as AddressInfo).port, text);
}

interface Connection {
  socket: Socket;
  /** What was answered until the server closed it. */
  ended: Promise<string>;
  /** Once something is answered. */
  answered: Promise<string>;
}

function open(port: number, text: string): Connection {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  let answer = "";
  const ended = new Promise<string>((resolve) => {
    socket.on("error", () => undefined).on("close", () => resolve(answer));
  });
  const answered = new Promise<string>((resolve) => {
    socket.on("data", (chunk) => resolve((answer += chunk.toString())));
  });
  socket.write(text);
  return { socket, ended, answered };
}

const HEAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const WHOLE = `${HEAD}Content-Length: 2\r\n\r\n{}`;

it.each([
  ["a body that trickles", `${HEAD}Content-Length: 1000\r\n\r\n{`],
  ["headers that trickle", "POST / HTTP/1.1\r\nHost"],
  ["nothing at all", ""],
])("408 for %s, and the connection is closed", async (_, text) => {
  const to = await listen({ arrivalMs: 100 });
  const { socket, ended } = to(text);
  const trickle = setInterval(() => text && socket.write("x"), 20);
  const answer = await ended;
  clearInterval(trickle);
  expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\nContent-Type: application\/problem\+json/);
  expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toMatchObject({ type: "/problems/too-slow", status: 408 });
});

it("a connection is closed when it has been idle", async () => {
  const to = await listen({ idleMs: 50 });
  expect(await to(WHOLE).ended).toMatch(/^HTTP\/1.1 200 OK\r\n/);
});

it("an address has so many connections and no more, until one of them is closed", async () => {
  const to = await listen({ perAddress: 2 });
  const [one, two] = [to(WHOLE), to(WHOLE)];
  for (const { answered } of [one, two]) expect(await answered).toMatch(/^HTTP\/1.1 200/);
  expect(await to(WHOLE).ended).toBe("");
  one.socket.end();
  await one.ended;
  const isServed = async (): Promise<boolean> => {
    const { answered, ended } = to(WHOLE);
    return (await Promise.race([answered, ended])) !== "";
  };
  await until(isServed, { timeoutMs: 5_000, what: "the place of the closed connection" });
});

it("a connection on which nothing was asked yet holds up no end", async () => {
  const to = await listen({});
  const used = to(WHOLE);
  await used.answered;
  const ahead = to();
  await once(ahead.socket, "connect");
  // Whoever connects later was accepted later.
  await to(WHOLE).answered;
  await close();
  expect(await ahead.ended).toBe("");
});

it("no bound is a bound of none", async () => {
  const to = await listen({ perAddress: 0 });
  const all = [to(WHOLE), to(WHOLE), to(WHOLE)];
  for (const { answered } of all) expect(await answered).toMatch(/^HTTP\/1.1 200/);
});
