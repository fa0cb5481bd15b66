import { Writable } from "node:stream";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { pino, type Logger } from "pino";
import { createApplication } from "../../../src/application.js";
import { readConfig, type LogLevel } from "../../../src/platform/config.js";
import { createRegistry } from "../../../src/platform/metrics.js";
import { openQueueStore, type QueueStore } from "../../../src/platform/queues.js";
import { Sealing } from "../../../src/platform/sealing.js";
import { createTestDatabase, type TestDatabase } from "../../support/database.js";
import { testRedis } from "../../support/redis.js";
import { TestClock } from "../../support/test-clock.js";
import { Api } from "./api.js";

export interface ServerOptions {
  /** Where the clock stands at first. */
  at?: string;
  logLevel?: LogLevel;
  /** Another process of that one's installation: the same database and clock. It stops before that one. */
  beside?: Server;
}

/** The whole application on a port of its own, its database and its clock. */
export interface Server {
  readonly api: Api;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  /** Every line that was logged. */
  readonly log: string[];
  /** Ends the application and starts it again on the same database; rejects as a start would. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const PATIENT_KEY = Buffer.alloc(32, 7);

export async function startServer({
  at = "2026-06-15T10:00:00Z",
  logLevel = "info",
  beside,
}: ServerOptions = {}): Promise<Server> {
  const database = beside?.database ?? (await createTestDatabase());
  const clock = beside?.clock ?? (await TestClock.install(database.owner, at));
  const log: string[] = [];
  const logger = pino({ level: logLevel }, collect(log));
  let running = await run(database, clock, logger);
  return {
    database,
    clock,
    log,
    api: new Api(running.url),
    async restart() {
      await running.end();
      running = await run(database, clock, logger, Number(new URL(running.url).port));
    },
    async stop() {
      await running.end();
      if (!beside) await database.drop();
    },
  };
}

async function run(
  database: TestDatabase,
  clock: TestClock,
  logger: Logger,
  port = 0,
): Promise<{ url: string; end(): Promise<void> }> {
  const redis = testRedis();
  // No worker runs: what these tests see is what requests do.
  const config = readConfig({ ROLE: "api", DATABASE_URL: database.url, REDIS_URL: redis.url, PORT: String(port) });
  const dataSource = await database.connect("app");
  const queues: QueueStore = {
    ...(await openQueueStore({ redisUrl: redis.url, databaseUrl: database.url })),
    prefix: redis.prefix,
  };
  const parts = { config, dataSource, clock, sealing: new Sealing(PATIENT_KEY), queues, registry: createRegistry() };
  let app: NestFastifyApplication | undefined;
  let ended: Promise<void> | undefined;
  const endOnce = async (): Promise<void> => {
    await app?.close();
    await queues.close();
    await dataSource.destroy();
  };
  const end = () => (ended ??= endOnce());
  try {
    app = await createApplication(parts, logger);
    await app.listen(port, "127.0.0.1");
    return { url: await app.getUrl(), end };
  } catch (error) {
    await end();
    throw error;
  }
}

function collect(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
}
