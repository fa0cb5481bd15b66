import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect } from "node:net";
import type { Reply } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, RADIOTHERAPY, report } from "./support/story.js";

describe("every error is a problem document with nothing but its own facts", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  const isProblem = (reply: Reply, status: number, name: string) => {
    expect(reply).toMatchObject({
      status,
      type: "application/problem+json",
      body: { status, type: `/problems/${name}` },
    });
    expect(reply.body.title).toEqual(expect.any(String));
    expect(reply.body.detail).toEqual(expect.any(String));
    expect(JSON.stringify(reply.body)).not.toMatch(/node_modules|\.ts:|\.js:|\bat \//);
  };

  it("404 for a route that does not exist, without repeating the address", async () => {
    const reply = await server.api.get("/api/nobody/Mustermann", { as: "coordinator" });
    isProblem(reply, 404, "not-found");
    expect(JSON.stringify(reply.body)).not.toContain("Mustermann");
    isProblem(await server.api.get("/nowhere"), 404, "not-found");
  });

  it("404 for an id that is none, and for one that nobody has", async () => {
    isProblem(await server.api.get("/api/enrolments/17", { as: "coordinator" }), 404, "not-found");
    const unknown = "00000000-0000-4000-8000-000000000000";
    isProblem(await server.api.get(`/api/enrolments/${unknown}`, { as: "coordinator" }), 404, "not-found");
    isProblem(await server.api.get(`/api/enrolments/${unknown}/history`, { as: "auditor" }), 404, "not-found");
    isProblem(await server.api.post(`/api/tasks/${unknown}/claim`, undefined, { as: "lead" }), 404, "not-found");
    isProblem(
      await server.api.post(`/api/enrolments/${unknown}/events`, { type: "x" }, { as: "lead" }),
      404,
      "not-found",
    );
  });

  it("400 for malformed JSON, a missing body, and a URL that cannot be decoded", async () => {
    isProblem(await server.api.post("/api/enrolments", "{", { as: "coordinator" }), 400, "malformed-request");
    isProblem(await server.api.post("/api/enrolments", undefined, { as: "coordinator" }), 400, "malformed-request");
    isProblem(await server.api.post("/api/enrolments", "", { as: "coordinator" }), 400, "malformed-request");
    isProblem(await server.api.get("/api/%zz"), 400, "malformed-request");
  });

  it("503 for an enrolment that somebody holds for longer than anybody waits, and 201 with the same key afterwards", async () => {
    const { id } = await enrol(server.api);
    const started = { type: "radiotherapy.started", data: RADIOTHERAPY };
    const holder = server.database.owner.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query("select from enrolment where id = $1 for update", [id]);
      const held = await report(server.api, id, started, "coordinator", "held");
      isProblem(held, 503, "unavailable");
      expect(held.body.detail).toContain("may have been done");
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    for (let n = 0; n < 2; n++) {
      expect(await report(server.api, id, started, "coordinator", "held")).toMatchObject({ status: 201 });
    }
    const { items } = (await server.api.get(`/api/enrolments/${id}/history`, { as: "auditor" })).body;
    expect(items.filter(({ type }: { type: string }) => type === started.type)).toHaveLength(1);
  });

  it("400 for what is not HTTP", async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(server.api.url).port), "127.0.0.1", () => socket.write("nonsense\r\n\r\n"));
      let text = "";
      socket
        .on("data", (chunk) => (text += chunk.toString()))
        .on("end", () => resolve(text))
        .on("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toMatchObject({ type: "/problems/malformed-request" });
  });

  it("400 for unknown, doubled or unreadable query parameters, with a pointer to each", async () => {
    const reply = await server.api.get("/api/enrolments?limit=501&nonsense=1&status=lost", { as: "coordinator" });
    isProblem(reply, 400, "malformed-request");
    expect(reply.body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
      "/limit",
      "/nonsense",
      "/status",
    ]);
    isProblem(await server.api.get("/api/tasks?role=lead&role=lead", { as: "lead" }), 400, "malformed-request");
    isProblem(await server.api.get("/api/tasks?cursor=%22", { as: "lead" }), 400, "malformed-request");
    isProblem(await server.api.get("/api/enrolments?cursor=WzFd", { as: "lead" }), 400, "malformed-request");
    isProblem(await server.api.get("/api/sites?x=1", { as: "lead" }), 400, "malformed-request");
  });

  it("422 for unknown and missing fields, with a pointer to each", async () => {
    const body = {
      pathway: "p",
      patinet: {},
      patient: { identifiers: [], familyName: "", givenName: "", birthDate: "12.4.1960" },
    };
    const reply = await server.api.post("/api/enrolments", body, { as: "coordinator" });
    isProblem(reply, 422, "invalid-data");
    expect(reply.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(
      expect.arrayContaining([
        "/patinet",
        "/patient/identifiers",
        "/patient/familyName",
        "/patient/givenName",
        "/patient/birthDate",
      ]),
    );
    expect(JSON.stringify(reply.body)).not.toContain("12.4.1960");
  });

  it("422 for what no record can hold", async () => {
    const path = "/api/enrolments/search";
    isProblem(await server.api.post(path, { q: "a\u0000b" }, { as: "lead" }), 422, "invalid-data");
    isProblem(await server.api.post(path, '{"q":"\\ud800"}', { as: "lead" }), 422, "invalid-data");
    isProblem(await server.api.post(path, '{"limit":1e999}', { as: "lead" }), 422, "invalid-data");
    const deep = `${'{"q":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    isProblem(await server.api.post(path, deep, { as: "lead" }), 422, "invalid-data");
    isProblem(await server.api.post(path, '{"__proto__":{"q":"x"}}', { as: "lead" }), 400, "malformed-request");
  });

  it("403 names the roles that may", async () => {
    const reply = await server.api.post("/api/sites", {}, { as: "lead" });
    isProblem(reply, 403, "forbidden");
    expect(reply.body.detail).toBe("None of your roles permits this. Roles that do: admin.");
  });

  it("413 for a body that is too large, 415 for one that the route does not read, whose types it names", async () => {
    const large = { q: "x".repeat(1024 * 1024) };
    isProblem(await server.api.post("/api/enrolments/search", large, { as: "lead" }), 413, "too-large");
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const session = await server.api.post("/api/session", "user=lead", { headers: form });
    isProblem(session, 415, "unsupported-media-type");
    expect(session.body.detail).toBe("This route reads application/json.");
    const document = await server.api.post("/api/pathways", "id: x", { as: "admin", headers: form });
    isProblem(document, 415, "unsupported-media-type");
    expect(document.body.detail).toContain("application/json, application/yaml");
    const yaml = { "content-type": "application/yaml" };
    isProblem(
      await server.api.post("/api/enrolments/search", "q: x", { as: "lead", headers: yaml }),
      415,
      "unsupported-media-type",
    );
    const text = { "content-type": "text/plain" };
    isProblem(await server.api.post("/api/session", "{}", { headers: text }), 415, "unsupported-media-type");
  });

  it("has a page for every problem, and the type leads there", async () => {
    const { body } = await server.api.get("/docs/problems");
    const names = [...String(body).matchAll(/id="([a-z-]+)"/g)].map((match) => match[1]!);
    expect(names).toContain("event-refused");
    for (const name of names) {
      const type = await server.api.get(`/problems/${name}`);
      expect(type).toMatchObject({ status: 302 });
      expect(type.headers.get("location")).toBe(`/docs/problems/${name}`);
      expect(await server.api.get(`/docs/problems/${name}`)).toMatchObject({ status: 200, type: "text/html" });
    }
    isProblem(await server.api.get("/docs/problems/constructor"), 404, "not-found");
  });
});
