import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stagingDirectory } from "./embedded/index.js";
import { stopLeftOver } from "./embedded/postmaster.js";
import { lockDataDir } from "./lock.js";

/** What an installation puts into DATA_DIR. Anything else in there is somebody else's and stays. */
const OURS = /^(postgres|postgres\.(log|log\.old|password)|postgres\.new-.*|postgresql-.*|pathkeeper\.lock)$/;

/** Only beside the data that it sealed: without any, it may be the one key of a database elsewhere. */
const KEY = "patient.key";

/** What there is to remove. */
export function traces(dataDir: string): string[] {
  const own = names(dataDir).some((name) => OURS.test(name)) ? [dataDir] : [];
  const staging = stagingDirectory(dataDir);
  return existsSync(staging) ? [...own, staging] : own;
}

/** Refuses while the installation runs; ends a PostgreSQL that one which was killed has left. Answers what it kept. */
export async function removeInstallation(dataDir: string): Promise<string[]> {
  if (traces(dataDir).length === 0) return [];
  const staging = stagingDirectory(dataDir);
  const own = names(dataDir).filter((name) => OURS.test(name) || name === KEY);
  const lock = existsSync(dataDir) ? lockDataDir(dataDir) : null;
  for (const data of [join(dataDir, "postgres"), join(staging, "postgres")]) {
    if (existsSync(data)) await stopLeftOver(data);
  }
  rmSync(staging, { recursive: true, force: true });
  for (const name of own) rmSync(join(dataDir, name), { recursive: true });
  lock?.release();
  const kept = names(dataDir).map((name) => join(dataDir, name));
  if (existsSync(dataDir) && kept.length === 0) rmdirSync(dataDir);
  return kept;
}

/** None of a file: with the slash only a directory exists. */
function names(directory: string): string[] {
  return existsSync(`${directory}/`) ? readdirSync(directory) : [];
}
