import { cpus, totalmem } from "node:os";
import { Redis } from "ioredis";
import { query } from "../support/template.js";
import type { Servers } from "./servers.js";

/** What was measured on. */
export interface Machine {
  cores: number;
  cpu: string;
  memoryBytes: number;
  node: string;
  postgres: string;
  /** Null: BullMQ ran on PostgreSQL. */
  redis: string | null;
  /** PostgreSQL's own settings: figures without them are worth nothing. */
  durability: { fsync: string; synchronousCommit: string; fullPageWrites: string };
}

export async function describeMachine({ postgresUrl, redisUrl }: Servers): Promise<Machine> {
  const [settings] = await query(
    postgresUrl,
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
       current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages`,
  );
  const { version, fsync, commit, pages } = settings as {
    version: string;
    fsync: string;
    commit: string;
    pages: string;
  };
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    memoryBytes: totalmem(),
    node: process.version,
    postgres: version,
    redis: redisUrl && (await redisVersion(redisUrl)),
    durability: { fsync, synchronousCommit: commit, fullPageWrites: pages },
  };
}

async function redisVersion(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    return /^(?:valkey|redis)_version:(\S+)/m.exec(await redis.info("server"))?.[1] ?? "unknown";
  } finally {
    redis.disconnect();
  }
}
