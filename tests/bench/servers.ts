/** The PostgreSQL and the Redis that are measured: those of DATABASE_URL and REDIS_URL, or servers of this run's own. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stagingDirectory, startEmbeddedPostgres } from "../../src/platform/embedded/index.js";
import { startRedis } from "../support/redis-server.js";

export interface Servers {
  postgresUrl: string;
  /** Null where this machine has none. */
  redisUrl: string | null;
  /** A folder that goes with the run. */
  directory: string;
  stop(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const directory = mkdtempSync(join(tmpdir(), "pathkeeper-bench-"));
  const stops: (() => Promise<void> | void)[] = [
    () => {
      rmSync(stagingDirectory(directory), { recursive: true, force: true });
      rmSync(directory, { recursive: true, force: true });
    },
  ];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const postgresUrl = await startPostgres(directory, stops);
    const redisUrl = hasRedis() ? await startRedis(directory, stops) : null;
    return { postgresUrl, redisUrl, directory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Durable, as an installation runs it. */
async function startPostgres(directory: string, stops: (() => Promise<void> | void)[]): Promise<string> {
  const given = process.env["DATABASE_URL"];
  if (given) return given;
  const dataDir = join(directory, "installation");
  mkdirSync(dataDir, { mode: 0o711 });
  const server = await startEmbeddedPostgres({ dataDir });
  stops.push(() => rmSync(stagingDirectory(dataDir), { recursive: true, force: true }));
  stops.push(() => server.stop());
  return server.url;
}

function hasRedis(): boolean {
  if (process.env["REDIS_URL"]) return true;
  return ["redis-server", "valkey-server"].some((name) => spawnSync(name, ["--version"]).status === 0);
}
