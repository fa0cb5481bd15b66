/** The program as it is started, in a process of its own, and the same patients through HTTP. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../support/until.js";
import type { Work } from "./figure.js";
import { createDatabase, PATIENT_KEY } from "./installation.js";
import { LANES, workOff } from "./lanes.js";
import { PATHWAY, stories, type Reporter } from "./patients.js";
import type { Servers } from "./servers.js";
import { freePort } from "../support/free-port.js";

const PROGRAM = fileURLToPath(new URL("../../bin/pathkeeper.js", import.meta.url));
const WARM_UP = 2 * LANES;

/** Enrols the patients, then measures their events. */
export async function followThroughHttp(servers: Servers, patients: number): Promise<Work> {
  const database = await createDatabase(servers);
  const server = new Served(servers, database.url);
  try {
    await server.start();
    await follow(server, WARM_UP, 0);
    return await follow(server, patients, WARM_UP);
  } finally {
    await server.stop();
    await database.drop();
  }
}

async function follow(server: Served, patients: number, from: number): Promise<Work> {
  const followed = stories(patients, from);
  const ids: string[] = [];
  await workOff(
    followed.map(({ patient }, index) => [{ patient, index }]),
    async ({ patient, index }) => {
      const body = { pathway: PATHWAY, patient };
      ids[index] = (await server.post<{ id: string }>("/api/enrolments", body, "coordinator")).id;
    },
  );
  return workOff(
    followed.map(({ happenings }, index) => happenings.map((happening) => ({ happening, index }))),
    async ({ happening: { type, by, data, note }, index }) => {
      await server.post(`/api/enrolments/${ids[index]}/events`, { type, data, note }, by);
    },
    () => server.settle(),
  );
}

class Served {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: LANES });
  private readonly tokens = new Map<Reporter, string>();
  private child: ChildProcess | null = null;
  private said = "";
  private port = 0;

  constructor(
    private readonly servers: Servers,
    private readonly databaseUrl: string,
  ) {}

  async start(): Promise<void> {
    this.port = await freePort();
    const dataDir = join(this.servers.directory, "served");
    mkdirSync(dataDir, { recursive: true });
    const { redisUrl } = this.servers;
    const environment = {
      ...process.env,
      ...{ DATABASE_URL: this.databaseUrl, REDIS_URL: redisUrl ?? "", DATA_DIR: dataDir, HOST: "127.0.0.1" },
      ...{ PORT: String(this.port), TIMER_HORIZON: "P1D", LOG_LEVEL: "warn", ROLE: "all", TZ: "UTC" },
      ...{ PATIENT_KEY: PATIENT_KEY.toString("base64"), NODE_OPTIONS: "" },
    };
    const child = spawn(process.execPath, [PROGRAM, "start"], {
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    this.child = child;
    await until(() => this.isReady(), { timeoutMs: 60_000, what: "the server to be ready" });
    for (const user of ["coordinator", "clinician"] as const) {
      this.tokens.set(user, (await this.post<{ token: string }>("/api/session", { user })).token);
    }
  }

  /** Until the last bell is rung. */
  async settle(): Promise<void> {
    const waits = async (): Promise<boolean> =>
      /^pathkeeper_bells_waiting 0$/m.test(await this.send("GET", "/metrics"));
    await until(waits, { everyMs: 10, what: "the last bell" });
  }

  async post<Body>(path: string, body: unknown, as?: Reporter): Promise<Body> {
    return JSON.parse(await this.send("POST", path, JSON.stringify(body), as)) as Body;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }

  private async isReady(): Promise<boolean> {
    if (this.child?.exitCode !== null) throw new Error(`The server ended: ${this.said}`);
    return (await fetch(`http://127.0.0.1:${this.port}/health/ready`)).ok;
  }

  private send(method: string, path: string, body?: string, as?: Reporter): Promise<string> {
    const headers = {
      ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      ...(as && { authorization: `Bearer ${this.tokens.get(as)}`, "idempotency-key": randomUUID() }),
    };
    return new Promise((resolve, reject) => {
      const call = request(
        { host: "127.0.0.1", port: this.port, path, method, headers, agent: this.agent },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          answer.on("end", () => {
            const isWell = answer.statusCode! < 300;
            if (isWell) resolve(text);
            else reject(new Error(`${method} ${path} was answered ${answer.statusCode}: ${text}`));
          });
          answer.on("error", reject);
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }
}
