/** What a command spends in a process of its own: started as from a shell, told by itself at its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import type { Servers } from "./servers.js";

export interface Spent {
  /** Of all threads, the system's part included. */
  cpuMs: number;
  /** The most memory that it held at once (resident set). */
  peakBytes: number;
}

/**
 * Loaded first of all. Linux counts what the parent held into a child's `maxRSS`, which started as its copy: what the
 * program itself held stands in VmHWM.
 */
const TELL = `
  process.once("exit", () => {
    const fs = require("node:fs");
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    let kilobytes = maxRSS;
    try {
      kilobytes = Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]);
    } catch {}
    fs.writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakBytes: kilobytes * 1024 }));
  });`;

/** Rejects where the command ends with anything but 0. */
export async function spent(
  { directory }: Servers,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Spent> {
  const tell = join(directory, "tell-spent.cjs");
  writeFileSync(tell, TELL);
  const child = spawn(process.execPath, ["--require", tell, ...args], {
    env: { ...process.env, NODE_OPTIONS: "", ...environment },
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const [said, told, [code]] = await Promise.all([
    text(child.stderr as Readable),
    text(child.stdio[3] as Readable),
    once(child, "exit"),
  ]);
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}: ${said}`);
  return JSON.parse(told) as Spent;
}
