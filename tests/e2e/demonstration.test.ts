import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Command, openDirectory, pathkeeper } from "../support/command.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { until } from "../support/until.js";
import { Api, type Body } from "./support/api.js";

describe("npm run demo", () => {
  const dataDir = openDirectory();
  let database: TestDatabase;
  let server: Command;
  let api: Api;
  const start = async (): Promise<void> => {
    const env = { DATABASE_URL: database.url, DATA_DIR: dataDir, PORT: "0" };
    server = pathkeeper(["start", "--demo"], { env });
    let over = false;
    void server.ended.then(() => (over = true));
    await until(() => over || server.said.out.includes("Ctrl-C"), { timeoutMs: 60_000, what: "the start" });
    if (over) throw new Error(`The start failed: ${server.said.err}`);
    api = new Api(/ready on (\S+)/.exec(server.said.out)![1]!);
  };
  const end = async (): Promise<number | string> => {
    process.kill(server.pid, "SIGINT");
    return server.ended;
  };
  const everybody = async (): Promise<Body[]> =>
    (await api.get("/api/enrolments?limit=500", { as: "coordinator" })).body.items;
  const told = (): number => Number(/^(\d+) demonstration patients/m.exec(server.said.out)?.[1]);
  beforeAll(async () => {
    database = await createTestDatabase();
    await start();
  });
  afterAll(async () => {
    await end().catch(() => undefined);
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });

  it("enrols its people before it is ready, and says how many", async () => {
    expect(server.said.out).toMatch(/^\d+ demonstration patients are enrolled\.$/m);
    const all = await everybody();
    expect(all).toHaveLength(told());
    expect([...new Set(all.map(({ status }) => status))].sort()).toEqual(["active", "exited", "paused"]);
    for (const { patient } of all) {
      expect(patient.identifiers).toEqual([{ system: "urn:pathkeeper:demo", value: expect.any(String) }]);
    }
  });

  it("has work for everybody", async () => {
    for (const role of ["coordinator", "clinician", "lead"] as const) {
      expect((await api.get(`/api/tasks?role=${role}`, { as: role })).body.items).not.toEqual([]);
    }
    const { items, counts } = (await api.get("/api/tasks", { as: "lead" })).body;
    expect(items[0]).toMatchObject({ urgency: "urgent", overdue: true });
    expect(counts.overdue).toBeGreaterThan(counts.urgent);
    expect(counts.week).toBeGreaterThan(0);
  });

  it("tells who did what, in histories that verify", async () => {
    const { body } = await api.post("/api/enrolments/search", { q: "Karamazov" }, { as: "lead", key: null });
    const history = await api.get(`/api/enrolments/${body.items[0].id}/history?limit=500`, { as: "lead" });
    const performers = history.body.items.map(({ performer }: Body) => performer);
    expect(performers).toEqual(expect.arrayContaining(["clinician", "clinician2", "system"]));
    expect((await api.post("/api/audit/verifications", {}, { as: "auditor", key: null })).body).toEqual({
      checked: told(),
      broken: [],
    });
  });

  it("adds nobody twice at the next start, and says so", async () => {
    const before = (await everybody()).map(({ id }) => id);
    expect(await end()).toBe(0);
    await start();
    expect(server.said.out).toContain(`${before.length} demonstration patients are here already.`);
    expect((await everybody()).map(({ id }) => id)).toEqual(before);
  });

  it("is refused where there is no demonstration sign-in, before anything is made", async () => {
    const env = { HOST: "0.0.0.0", PATIENT_KEY: Buffer.alloc(32).toString("base64"), DATA_DIR: `${dataDir}/never` };
    const refused = pathkeeper(["start", "--demo"], { env: { ...env, DATABASE_URL: database.url, PORT: "0" } });
    expect(await refused.ended).toBe(2);
    expect(refused.said.err.trim().split("\n")).toEqual([expect.stringContaining("exists on a loopback HOST only")]);
  });
});
