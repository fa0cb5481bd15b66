import {
  createPostgresBackend,
  getDefaultBackendFactory,
  runMigrations,
  setDefaultBackendFactory,
  type BackendFactory,
  type ConnectionOptions,
} from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";

/**
 * Where BullMQ keeps its jobs: Redis where one is configured, else PostgreSQL. A queue is only a bell; whatever happens
 * to it, the rows in PostgreSQL stay the truth.
 */
export interface QueueStore {
  readonly kind: "redis" | "postgres";
  /** For every Queue and Worker of the process: they share it, and none of them closes it. */
  readonly connection: ConnectionOptions;
  /** All keys share one hash tag, so that a Redis Cluster keeps a queue on one node. */
  readonly prefix: string;
  /** Whether a command has a chance to be answered now. */
  isReachable(): boolean;
  /** One sentence about a setting that can lose jobs, or null. */
  warning(): Promise<string | null>;
  close(): Promise<void>;
}

export interface QueueStoreOptions {
  redisUrl?: string | null | undefined;
  /** Of the role that owns the schema. Used where there is no Redis. */
  databaseUrl: string;
  /** Of the keys in Redis: installations that share one need different ones. */
  prefix?: string;
  onError?: (error: Error) => void;
}

const PREFIX = "{pathkeeper}";
/** Holds BullMQ's tables where it runs on PostgreSQL. Its backend looks there when it is given a pool. */
const SCHEMA = "bullmq";
/** One connection listens, the others run the commands of every queue and worker of the process. */
const POOL_SIZE = 4;
/** A server that vanished without a word is noticed. */
const KEEP_ALIVE_MS = 10_000;

const createRedisBackend = getDefaultBackendFactory();
const byConnection: BackendFactory = (name, options, extra) =>
  (options.connection as unknown) instanceof pg.Pool
    ? createPostgresBackend(name, options as never, extra)
    : createRedisBackend(name, options, extra);
// The connection decides, so that both backends work side by side and @nestjs/bullmq needs no classes of its own.
setDefaultBackendFactory(byConnection);

export async function openQueueStore(options: QueueStoreOptions): Promise<QueueStore> {
  const { redisUrl, databaseUrl, prefix = PREFIX, onError = () => {} } = options;
  return redisUrl ? openRedis(redisUrl, prefix, onError) : openPostgres(databaseUrl, prefix, onError);
}

function openRedis(url: string, prefix: string, onError: (error: Error) => void): QueueStore {
  const redis = new Redis(url, {
    // BullMQ demands it of a connection that its workers share. Commands still fail fast: nothing is queued offline.
    maxRetriesPerRequest: null,
    enableOfflineQueue: false,
    // Not ioredis' socketTimeout: its timer outlives the socket and cuts the next one.
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: (times) => Math.min(100 * 2 ** times, 2_000),
  });
  redis.on("error", onError);
  return {
    kind: "redis",
    connection: redis,
    prefix,
    isReachable: () => redis.status === "ready",
    warning: async () => {
      const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info("memory"))?.[1];
      return policy && policy !== "noeviction"
        ? `Redis runs with maxmemory-policy ${policy} and may drop jobs when memory is short: set it to noeviction.`
        : null;
    },
    close: async () => redis.disconnect(),
  };
}

async function openPostgres(url: string, prefix: string, onError: (error: Error) => void): Promise<QueueStore> {
  await migrate(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    // Nobody waits for the disk: bells of the last moment that a crash of the server loses are the sweeper's, and one that
    // comes back finds nothing to do.
    options: `-c search_path=${SCHEMA} -c synchronous_commit=off`,
    application_name: "pathkeeper queues",
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  });
  pool.on("error", onError);
  return {
    kind: "postgres",
    connection: pool as unknown as ConnectionOptions,
    prefix,
    isReachable: () => !pool.ending,
    warning: async () => null,
    close: () => endPool(pool),
  };
}

/** Until every connection is closed: the pool alone says "ended" while they still close, and a server that ends then is heard as a fault. */
async function endPool(pool: pg.Pool): Promise<void> {
  if (pool.ending) return;
  let open = pool.totalCount;
  const closed = new Promise<void>((resolve) => {
    if (open === 0) resolve();
    pool.on("remove", () => --open === 0 && resolve());
  });
  await pool.end();
  await closed;
}

/** A worker on a schema without BullMQ's tables spins until memory is gone: they are there before any is made. */
async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    await client.end();
  }
}
