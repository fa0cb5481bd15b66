import { readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive, waitForEnd, worksIn } from "../processes.js";

export interface Postmaster {
  pid: number;
  port: number;
}

/** What `postmaster.pid` says, believed only if that process is a PostgreSQL working in this very directory. */
export function runningPostmaster(data: string): Postmaster | null {
  const found = readPidFile(data);
  return found !== null && worksIn(found.pid, "postgres", realpathSync(data)) ? found : null;
}

/**
 * Ends the server that an installation killed with `kill -9` left running. A pid file whose number belongs to
 * another process by now is removed, since PostgreSQL would take that process for a server; one whose process is
 * gone stays: PostgreSQL reads from it which shared memory to check before it starts.
 */
export async function stopLeftOver(data: string): Promise<void> {
  const left = runningPostmaster(data);
  if (left !== null) return stopPostmaster(left.pid);
  const stale = readPidFile(data);
  if (stale === null || isAlive(stale.pid)) rmSync(join(data, "postmaster.pid"), { force: true });
}

/** Fast shutdown: transactions in flight are rolled back, the rest is written. What does not end is ended. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", 20_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await waitForEnd(pid, patienceMs)) return;
  }
}

function readPidFile(data: string): Postmaster | null {
  try {
    const lines = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 1 ? { pid, port: Number(lines[3]) } : null;
  } catch {
    return null;
  }
}
