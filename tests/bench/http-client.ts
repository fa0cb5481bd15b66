/**
 * The client of `events.http`, a process of its own, so that neither the server nor the harness shares its event loop.
 * Told by its parent where the server is and how many patients to follow; answers with their events' `Work`.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { until } from "../support/until.js";
import type { Work } from "./figure.js";
import { LANES, workOff } from "./lanes.js";
import { PATHWAY, stories, type Reporter } from "./patients.js";

export interface Errand {
  port: number;
  patients: number;
}

const WARM_UP = 2 * LANES;
const REPORTERS: readonly Reporter[] = ["coordinator", "clinician"];

class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: LANES });
  private readonly tokens = new Map<Reporter, string>();

  constructor(private readonly port: number) {}

  async signIn(): Promise<void> {
    for (const user of REPORTERS) {
      this.tokens.set(user, (await this.post<{ token: string }>("/api/session", { user })).token);
    }
  }

  /** Enrols the patients, then measures their events, until the last bell is rung. */
  async follow(patients: number, from: number): Promise<Work> {
    const followed = stories(patients, from);
    const ids: string[] = [];
    await workOff(
      followed.map(({ patient }, index) => [{ patient, index }]),
      async ({ patient, index }) => {
        const body = { pathway: PATHWAY, patient };
        ids[index] = (await this.post<{ id: string }>("/api/enrolments", body, "coordinator")).id;
      },
      () => this.settle(),
    );
    return workOff(
      followed.map(({ happenings }, index) => happenings.map((happening) => ({ happening, index }))),
      async ({ happening: { type, by, data, note }, index }) => {
        await this.post(`/api/enrolments/${ids[index]}/events`, { type, data, note }, by);
      },
      () => this.settle(),
    );
  }

  close(): void {
    this.agent.destroy();
  }

  private async settle(): Promise<void> {
    const waits = async (): Promise<boolean> =>
      /^pathkeeper_bells_waiting 0$/m.test(await this.send("GET", "/metrics"));
    await until(waits, { everyMs: 10, what: "the last bell" });
  }

  private async post<Body>(path: string, body: unknown, as?: Reporter): Promise<Body> {
    return JSON.parse(await this.send("POST", path, JSON.stringify(body), as)) as Body;
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

process.once("disconnect", () => process.exit(1));
const [{ port, patients }] = (await once(process, "message")) as [Errand];
const client = new Client(port);
await client.signIn();
await client.follow(WARM_UP, 0);
process.send!(await client.follow(patients, WARM_UP), () => {
  client.close();
  process.exit();
});
