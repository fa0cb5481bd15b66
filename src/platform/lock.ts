import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startOf } from "./processes.js";
import { StartError } from "./start-error.js";

interface Holder {
  pid: number;
  start: string | null;
}

/**
 * Says whose installation this is: one process at a time per DATA_DIR. The file names its holder by process id and
 * start, so one left behind by `kill -9` counts for nothing, even when the id belongs to somebody else by now.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  const file = join(dataDir, "pathkeeper.lock");
  const mine: Holder = { pid: process.pid, start: startOf(process.pid) };
  const draft = `${file}.${process.pid}`;
  write(draft, `${JSON.stringify(mine)}\n`, dataDir);
  try {
    while (!linked(draft, file)) {
      refuseSecondStart(dataDir);
      discardStale(file);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release() {
      if (same(read(file), mine)) rmSync(file, { force: true });
    },
  };
}

export function refuseSecondStart(dataDir: string): void {
  const holder = lockHolder(dataDir);
  if (holder === null) return;
  throw new StartError(
    `Pathkeeper is running on ${dataDir} already (process ${holder}): stop it first, or start this one with another DATA_DIR and PORT.`,
  );
}

/** The process that runs the installation, or null. */
export function lockHolder(dataDir: string): number | null {
  const holder = read(join(dataDir, "pathkeeper.lock"));
  return holder !== null && holder.start !== null && startOf(holder.pid) === holder.start ? holder.pid : null;
}

function write(draft: string, text: string, dataDir: string): void {
  try {
    writeFileSync(draft, text, { mode: 0o644 });
  } catch (error) {
    throw new StartError(
      `DATA_DIR ${dataDir} cannot be written to (${(error as NodeJS.ErrnoException).code}): name a directory that belongs to this user.`,
    );
  }
}

/** Creates the lock whole or not at all; false when somebody's is there. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Two that start at once may both have read the stale lock: what was moved aside is looked at again, and put back if it is new. */
function discardStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved?.start && startOf(moved.pid) === moved.start) linked(aside, file);
  rmSync(aside, { force: true });
}

function read(file: string): Holder | null {
  try {
    const { pid, start } = JSON.parse(readFileSync(file, "utf8")) as Partial<Holder>;
    return typeof pid === "number" ? { pid, start: start ?? null } : null;
  } catch {
    return null;
  }
}

function same(one: Holder | null, other: Holder): boolean {
  return one?.pid === other.pid && one.start === other.start;
}
