import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import { until } from "./until.js";

export interface CommandOptions {
  env?: Record<string, string>;
  /** The checkout whose built command is run; its own by default. */
  root?: string;
  /** Whom it runs as; only root may say so. */
  uid?: number;
  gid?: number;
}

export interface Command {
  pid: number;
  /** What it said so far. */
  said: { out: string; err: string };
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Runs `pathkeeper <arguments>` as built, in a process group of its own and with no more environment than given. */
export function pathkeeper(args: string[], { env = {}, root = PACKAGE_ROOT, uid, gid }: CommandOptions = {}): Command {
  const child: ChildProcess = spawn(process.execPath, [join(root, "bin", "pathkeeper.js"), ...args], {
    cwd: "/",
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    uid,
    gid,
  });
  const said = { out: "", err: "" };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal!));
  });
  return { pid: child.pid!, said, ended };
}

/** A place that others may pass through, as a home or a service directory ordinarily is. */
export function openDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "start-"));
  chmodSync(directory, 0o711);
  return directory;
}

/** Starts a server on a free port and waits until it says where it is. */
export async function startServer(options: CommandOptions): Promise<Command & { url: string }> {
  const command = pathkeeper(["start"], { ...options, env: { PORT: "0", ...options.env } });
  let over = false;
  void command.ended.then(() => (over = true));
  await until(() => over || command.said.out.includes("Ctrl-C"), { timeoutMs: 60_000, what: "the start" });
  const url = /ready on (\S+)/.exec(command.said.out)?.[1];
  if (!url) throw new Error(`The start failed: ${command.said.err}`);
  return { ...command, url };
}
