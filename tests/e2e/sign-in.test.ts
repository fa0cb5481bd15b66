import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { request } from "node:http";
import type { User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol } from "./support/story.js";

describe("people sign in, and their roles decide what they may do", () => {
  let server: Server;
  let enrolment: string;
  beforeAll(async () => {
    server = await startServer();
    enrolment = (await enrol(server.api)).id;
  });
  afterAll(() => server.stop());

  it("refuses whoever is not signed in", async () => {
    for (const path of [
      "/api/enrolments",
      "/api/tasks",
      "/api/sites",
      "/api/pathways",
      `/api/enrolments/${enrolment}`,
    ]) {
      expect(await server.api.get(path)).toMatchObject({ status: 401, body: { type: "/problems/signed-out" } });
    }
    for (const authorization of ["Bearer x", "Bearer a.b", "Bearer a.b.c", "Basic eA==", "Bearer e30.e30"]) {
      expect(await server.api.get("/api/tasks", { headers: { authorization } })).toMatchObject({ status: 401 });
    }
  });

  it("refuses a token that was changed or cut short, and keeps none that could be used", async () => {
    const token = await server.api.token("auditor");
    const changed = `${token.slice(0, -2)}${token.at(-2) === "A" ? "B" : "A"}${token.at(-1)}`;
    for (const other of [changed, token.slice(0, -1), `${token}x`]) {
      const headers = { authorization: `Bearer ${other}` };
      expect(await server.api.get("/api/sites", { headers })).toMatchObject({ status: 401 });
    }
    const rows = await server.database.owner.query(`select s::text as row, token_hash from session s`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { row, token_hash } of rows) {
      expect(token_hash).toHaveLength(32);
      expect(row).not.toContain(Buffer.from(token).toString("hex"));
      expect(row).not.toContain(token);
    }
  });

  it("takes a token after a restart", async () => {
    const token = await server.api.token("lead");
    await server.restart();
    const reply = await server.api.get("/api/tasks", { headers: { authorization: `Bearer ${token}` } });
    expect(reply.status).toBe(200);
  });

  it("refuses an unknown user, and a host name that is not this machine's", async () => {
    expect(await server.api.post("/api/session", { user: "root" }, { key: null })).toMatchObject({ status: 422 });
    const { port } = new URL(server.api.url);
    const status = await new Promise((resolve, reject) => {
      const headers = { host: "rebound.example", "content-type": "application/json" };
      request({ port, host: "127.0.0.1", method: "POST", path: "/api/session", headers }, (reply) =>
        resolve(reply.resume().statusCode),
      )
        .on("error", reject)
        .end(JSON.stringify({ user: "lead" }));
    });
    expect(status).toBe(404);
  });

  it("gives the browser a cookie that no script reads and no other site sends", async () => {
    const signIn = await server.api.post("/api/session", { user: "lead" }, { key: null });
    const set = signIn.headers.get("set-cookie")!;
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Strict/);
    const cookie = set.split(";")[0]!;
    expect(await server.api.get("/api/tasks", { headers: { cookie } })).toMatchObject({ status: 200 });
    const path = "/api/enrolments/search";
    expect(await server.api.post(path, {}, { headers: { cookie } })).toMatchObject({ status: 403 });
    expect(await server.api.post(path, {}, { headers: { cookie, "x-pathkeeper": "1" } })).toMatchObject({
      status: 200,
    });
    const out = await server.api.send("DELETE", "/api/session", undefined, {
      headers: { cookie, "x-pathkeeper": "1" },
    });
    expect(out.status).toBe(204);
    expect(out.headers.get("set-cookie")).toMatch(/Expires=Thu, 01 Jan 1970/);
    expect(await server.api.get("/api/tasks", { headers: { cookie } })).toMatchObject({ status: 401 });
  });

  const everybody: User[] = ["coordinator", "clinician", "clinician2", "lead", "auditor", "admin", "system"];
  const readers: User[] = ["coordinator", "clinician", "clinician2", "lead", "auditor", "system"];
  const writers: User[] = ["coordinator", "clinician", "clinician2", "lead", "system"];
  const cases: [string, string, unknown, User[]][] = [
    ["GET", "/api/sites", undefined, everybody],
    ["GET", "/api/pathways", undefined, everybody],
    ["GET", "/api/enrolments", undefined, readers],
    ["GET", "/api/tasks", undefined, readers],
    ["GET", "/api/enrolments/:id", undefined, readers],
    ["GET", "/api/enrolments/:id/history", undefined, readers],
    ["POST", "/api/enrolments/search", {}, readers],
    ["POST", "/api/enrolments", {}, writers],
    ["POST", "/api/enrolments/:id/events", {}, writers],
    ["POST", "/api/enrolments/:id/events/1/correction", {}, writers],
    ["PATCH", "/api/enrolments/:id/patient", {}, writers],
    ["PUT", "/api/enrolments/:id/responsible", {}, writers],
    ["POST", "/api/enrolments/responsible", {}, writers],
    ["POST", "/api/tasks/00000000-0000-4000-8000-000000000000/claim", undefined, writers],
    ["POST", "/api/sites", {}, ["admin"]],
    ["PUT", "/api/sites/main/calendar", {}, ["admin"]],
    ["POST", "/api/pathways", {}, ["admin"]],
    ["POST", "/api/audit/verifications", {}, ["auditor"]],
    ["GET", "/api/session", undefined, everybody],
    ["GET", "/api/sessions", undefined, everybody],
    ["DELETE", "/api/sessions/00000000-0000-4000-8000-000000000000", undefined, everybody],
    ["GET", "/api/people", undefined, ["admin"]],
    ["POST", "/api/people", {}, ["admin"]],
    ["PATCH", "/api/people/lead", {}, ["admin"]],
    ["PUT", "/api/sites/main/on-call", {}, ["admin"]],
  ];
  for (const [method, path, body, allowed] of cases) {
    it(`${method} ${path} is for ${allowed.join(", ")}`, async () => {
      for (const as of everybody) {
        const { status, body: answer } = await server.api.send(method, path.replace(":id", enrolment), body, { as });
        if (allowed.includes(as)) expect([200, 201, 404, 422]).toContain(status);
        else expect([as, status, answer.type]).toEqual([as, 403, "/problems/forbidden"]);
      }
    });
  }

  it("logs who was refused, by id", async () => {
    server.log.length = 0;
    await server.api.get(`/api/enrolments/${enrolment}`, { as: "admin" });
    expect(server.log.join("\n")).toMatch(/forbidden/);
    expect(server.log.join("\n")).toMatch(/"person":"admin"/);
  });
});
