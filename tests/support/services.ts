/** The real PostgreSQL and the real Redis of a test run: found through DATABASE_URL and REDIS_URL, or started for it. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres, stagingDirectory } from "../../src/platform/embedded/index.js";
import { lockDataDir, lockHolder } from "../../src/platform/lock.js";
import { stopLeftOver } from "../../src/platform/embedded/postmaster.js";
import { buildTemplate, dropDatabases } from "./template.js";
import { startRedis } from "./redis-server.js";

export interface Services {
  environment: Record<string, string>;
  stop(): Promise<void>;
}

const PREFIX = "pathkeeper-test-";

export async function startServices(): Promise<Services> {
  await sweep();
  const directory = join(tmpdir(), `${PREFIX}${process.pid}`);
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const lock = lockDataDir(directory);
  const stops: (() => Promise<void> | void)[] = [
    () => {
      lock.release();
      remove(directory);
    },
  ];
  const stop = async (): Promise<void> => {
    for (const step of stops.reverse()) await step();
  };
  try {
    const run = `pathkeeper_test_${process.pid}_${Date.now().toString(36)}`;
    const [adminUrl, redisUrl] = await Promise.all([startPostgres(directory, stops), startRedis(directory, stops)]);
    await buildTemplate(adminUrl, run);
    stops.push(() => dropDatabases(adminUrl, run));
    return {
      environment: {
        PATHKEEPER_TEST_ADMIN_URL: adminUrl,
        PATHKEEPER_TEST_REDIS_URL: redisUrl,
        PATHKEEPER_TEST_RUN: run,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(directory: string, stops: (() => Promise<void> | void)[]): Promise<string> {
  const given = process.env["DATABASE_URL"];
  if (given) return given;
  const server = await startEmbeddedPostgres({ dataDir: directory, durable: false });
  stops.push(() => server.stop());
  return server.url;
}

/** Ends and removes what runs that were killed have left. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const directory = join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || lockHolder(directory) !== null) continue;
    try {
      for (const data of [join(directory, "postgres"), join(stagingDirectory(directory), "postgres")])
        await stopLeftOver(data);
      remove(directory);
    } catch {
      // Another user's: that user's next run removes it.
    }
  }
}

function remove(directory: string): void {
  rmSync(stagingDirectory(directory), { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
}
