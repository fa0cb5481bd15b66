/** Who is behind a process id: ids are used again, so none is trusted (let alone signalled) on its number alone. */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** A text that differs for another process with the same id, also across a restart of the machine; null if there is none. */
export function startOf(pid: number): string | null {
  try {
    // Field 22 of stat, counted behind the command's name, which may hold spaces and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${fields[19]}`;
  } catch {
    return process.platform === "linux" ? null : ask(pid, "lstart=");
  }
}

/** Whether there is such a process; one that has ended and only waits to be noticed is none. */
export function isAlive(pid: number): boolean {
  return startOf(pid) !== null;
}

/** Whether the process is the named program working in that directory. */
export function worksIn(pid: number, program: string, directory: string): boolean {
  if (process.platform !== "linux") {
    const command = ask(pid, "command=") ?? "";
    return command.includes(program) && command.includes(directory);
  }
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === directory && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === program
    );
  } catch {
    return false;
  }
}

function ask(pid: number, field: string): string | null {
  try {
    return execFileSync("ps", ["-o", field, "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

/** Waits until the process is gone; false when it is still there after the time. */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const start = startOf(pid);
  const deadline = performance.now() + timeoutMs;
  while (start !== null && startOf(pid) === start) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
