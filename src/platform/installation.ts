import { mkdirSync } from "node:fs";
import type { Config } from "./config.js";
import { runningEmbeddedUrl, startEmbeddedPostgres } from "./embedded/index.js";
import { lockDataDir, lockHolder } from "./lock.js";
import { traces } from "./reset.js";
import { Misconfigured, StartError } from "./start-error.js";

/** The database of one installation, open for as long as this process needs it. */
export interface Installation {
  /** Of the role that owns the schema. */
  databaseUrl: string;
  /** Where files lie that DATA_DIR could not hold, if any. */
  staged: string | null;
  close(): Promise<void>;
}

export interface InstallationOptions {
  /** For commands beside a server: use the PostgreSQL of the process that runs, if one does. */
  join?: boolean;
  /** Told what the embedded PostgreSQL has to say while it runs. */
  report?(sentence: string): void;
  /** Told of each step that takes its time, before it. */
  progress?(sentence: string): void;
}

/** Finds the database that the configuration names, or starts the embedded one under the lock of DATA_DIR. */
export async function openInstallation(
  config: Config,
  { join, report, progress }: InstallationOptions = {},
): Promise<Installation> {
  if (join) refuseNoInstallation(config);
  makeDataDir(config.dataDir);
  if (config.databaseUrl !== null)
    return { databaseUrl: config.databaseUrl, staged: null, close: async () => undefined };
  const running = join && lockHolder(config.dataDir) !== null ? runningEmbeddedUrl(config.dataDir) : null;
  if (running !== null) return { databaseUrl: running, staged: null, close: async () => undefined };
  const lock = lockDataDir(config.dataDir);
  try {
    const server = await startEmbeddedPostgres({ dataDir: config.dataDir, onEnd: report, onStep: progress });
    return {
      databaseUrl: server.url,
      staged: server.staged,
      async close() {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function refuseNoInstallation({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== null || traces(dataDir).length > 0) return;
  throw new Misconfigured(
    `There is no installation in ${dataDir}: set DATA_DIR or DATABASE_URL to the one that is meant.`,
  );
}

/** As root others may pass through: the account of PostgreSQL has to. What is secret in it has a mode of its own. */
function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOTDIR") {
      throw new Misconfigured(`DATA_DIR ${dataDir} is a file, or lies in one: name a directory.`);
    }
    throw new StartError(`DATA_DIR ${dataDir} cannot be made (${code}): name a directory that this user may write to.`);
  }
}
