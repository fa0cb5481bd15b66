/** The program as it is started, in a process of its own, and the same patients through HTTP, by a client in another. */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/until.js";
import type { Work } from "./figure.js";
import type { Errand } from "./http-client.js";
import { createDatabase, PATIENT_KEY } from "./installation.js";
import type { Profiler } from "./profiler.js";
import type { Servers } from "./servers.js";

const PROGRAM = join(PACKAGE_ROOT, "bin", "pathkeeper.js");
const CLIENT = fileURLToPath(new URL("./http-client.js", import.meta.url));

/** Enrols the patients, then measures their events. */
export async function followThroughHttp(servers: Servers, profiler: Profiler, patients: number): Promise<Work> {
  const database = await createDatabase(servers);
  const server = new Served(servers, database.url, await profiler.elsewhere("events.http"));
  try {
    const port = await server.start();
    return await sendClient({ port, patients });
  } finally {
    await server.stop();
    await database.drop();
  }
}

async function sendClient(errand: Errand): Promise<Work> {
  const client = fork(CLIENT, { stdio: ["ignore", 2, 2, "ipc"] });
  const ended = once(client, "exit").then(([code]) => {
    throw new Error(`The client of the server ended with ${code}.`);
  });
  const measured = once(client, "message").then(([work]) => work as Work);
  try {
    client.send(errand);
    return await Promise.race([measured, ended]);
  } finally {
    client.kill();
    await ended.catch(() => undefined);
  }
}

class Served {
  private child: ChildProcess | null = null;
  private said = "";

  constructor(
    private readonly servers: Servers,
    private readonly databaseUrl: string,
    private readonly nodeFlags: readonly string[],
  ) {}

  /** Gives its port once it is ready. */
  async start(): Promise<number> {
    const port = await freePort();
    const dataDir = join(this.servers.directory, "served");
    mkdirSync(dataDir, { recursive: true });
    const { redisUrl } = this.servers;
    const environment = {
      ...process.env,
      ...{ DATABASE_URL: this.databaseUrl, REDIS_URL: redisUrl ?? "", DATA_DIR: dataDir, HOST: "127.0.0.1" },
      ...{ PORT: String(port), TIMER_HORIZON: "P1D", LOG_LEVEL: "warn", ROLE: "all", TZ: "UTC" },
      ...{ PATIENT_KEY: PATIENT_KEY.toString("base64"), NODE_OPTIONS: "" },
    };
    const child = spawn(process.execPath, [...this.nodeFlags, PROGRAM, "start"], {
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    this.child = child;
    process.once("exit", this.kill);
    await until(() => this.isReady(port), { timeoutMs: 60_000, what: "the server to be ready" });
    return port;
  }

  async stop(): Promise<void> {
    process.off("exit", this.kill);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }

  private async isReady(port: number): Promise<boolean> {
    if (this.child?.exitCode !== null) throw new Error(`The server ended: ${this.said}`);
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  }

  private readonly kill = (): void => void this.child?.kill();
}
