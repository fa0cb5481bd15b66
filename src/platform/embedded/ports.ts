import { createHash } from "node:crypto";
import { createServer } from "node:net";

/**
 * The same free port on each start of the same data directory, as long as nobody else takes it; below the range from
 * which Linux gives out ports by itself.
 */
export async function choosePort(data: string): Promise<number> {
  const first = createHash("sha256").update(data).digest().readUInt16BE(0) % 10_000;
  for (let step = 0; step < 10_000; step += 1) {
    const port = 20_000 + ((first + step) % 10_000);
    if (await isFree(port)) return port;
  }
  return 0;
}

async function isFree(port: number): Promise<boolean> {
  return (await obstacle(port, "127.0.0.1")) === null;
}

/** Why nobody could listen there; null where one could. */
export function obstacle(port: number, host: string): Promise<Error | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
