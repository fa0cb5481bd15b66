import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Server, startServer } from "./support/server.js";
import { enrol } from "./support/story.js";

describe("an auditor can have every history verified", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());
  const verify = (body: object) => server.api.post("/api/audit/verifications", body, { as: "auditor", key: null });

  it("finds nothing in what nobody touched, and the record that somebody did", async () => {
    const [{ id }] = [await enrol(server.api), await enrol(server.api)];
    expect(await verify({})).toMatchObject({ status: 200, body: { checked: 2, broken: [] } });
    expect(await verify({ enrolment: id })).toMatchObject({ status: 200, body: { checked: 1, broken: [] } });
    await server.database.owner.query("alter table record disable trigger all");
    await server.database.owner.query("update record set type = 'forged' where enrolment_id = $1 and seq = 2", [id]);
    await server.database.owner.query("alter table record enable trigger all");
    const { body } = await verify({});
    expect(body).toMatchObject({ checked: 2, broken: [{ enrolment: id, seq: 2, fault: expect.any(String) }] });
    expect((await verify({ enrolment: id })).body.broken).toHaveLength(1);
    const unknown = "00000000-0000-4000-8000-000000000000";
    expect(await verify({ enrolment: unknown })).toMatchObject({ status: 404 });
    expect(await verify({ enrolment: "x" })).toMatchObject({ status: 422 });
  });

  it("by the command line as well", async () => {
    const { id } = await enrol(server.api);
    const bin = fileURLToPath(new URL("../../bin/pathkeeper.js", import.meta.url));
    const audit = (...args: string[]): { code: number | null; out: string; err: string } => {
      const env = { ...process.env, DATABASE_URL: server.database.url };
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "audit", "verify", ...args], {
        encoding: "utf8",
        env,
      });
      return { code: status, out: stdout, err: stderr };
    };
    expect(audit("--enrolment", id)).toEqual({ code: 0, out: "1 history recomputed: it holds.\n", err: "" });
    const whole = audit("--json");
    expect(whole.code).toBe(1);
    expect(JSON.parse(whole.out)).toMatchObject({ checked: 3, broken: [{ seq: 2, fault: expect.any(String) }] });
    expect(audit("--enrolment", "00000000-0000-4000-8000-000000000000").code).toBe(1);
    expect(audit("--enrolment", "x")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("UUID") });
  });
});
