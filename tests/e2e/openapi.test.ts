import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import type { Body, Reply } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { patient, PATHWAY, RADIOTHERAPY, report } from "./support/story.js";

const addFormats = formats.default;

describe("the API describes itself", () => {
  let server: Server;
  let document: Body;
  beforeAll(async () => {
    server = await startServer();
    document = (await server.api.get("/docs/json")).body;
  });
  afterAll(() => server.stop());
  const operations = (): [string, Body][] =>
    Object.entries<Body>(document.paths).flatMap(([path, item]) =>
      Object.entries<Body>(item).map(([method, operation]): [string, Body] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );

  it("is a valid OpenAPI document", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(document.components.schemas).toHaveProperty([name!]);
    }
  });

  it("names every route, with its answer, its problems and who may call it", () => {
    expect(operations().map(([name]) => name)).toEqual(
      expect.arrayContaining([
        "POST /api/session",
        "GET /api/session",
        "DELETE /api/session",
        "GET /api/sessions",
        "DELETE /api/sessions/{id}",
        "GET /api/people",
        "POST /api/people",
        "PATCH /api/people/{id}",
        "POST /api/enrolments",
        "GET /api/enrolments",
        "POST /api/enrolments/search",
        "GET /api/enrolments/{id}",
        "PATCH /api/enrolments/{id}/patient",
        "POST /api/enrolments/{id}/events",
        "POST /api/enrolments/{id}/events/{seq}/correction",
        "GET /api/enrolments/{id}/history",
        "PUT /api/enrolments/{id}/responsible",
        "POST /api/enrolments/responsible",
        "GET /api/tasks",
        "POST /api/tasks/search",
        "GET /api/tasks/next",
        "GET /api/tasks.csv",
        "POST /api/tasks/reassign",
        "POST /api/tasks/{id}/claim",
        "POST /api/tasks/{id}/assign",
        "POST /api/tasks/{id}/release",
        "POST /api/tasks/{id}/snooze",
        "GET /api/sites",
        "POST /api/sites",
        "PUT /api/sites/{id}/calendar",
        "PUT /api/sites/{id}/on-call",
        "GET /api/pathways",
        "POST /api/pathways",
        "GET /api/pathways/{id}/{version}",
        "GET /api/pathways/{id}/{version}/xstate.json",
        "POST /api/audit/verifications",
        "GET /api/stream",
      ]),
    );
    for (const [name, operation] of operations()) {
      if (!name.includes(" /api/")) continue;
      const answers = Object.entries<Body>(operation.responses);
      expect([name, operation.summary]).toEqual([name, expect.any(String)]);
      expect(answers.some(([status]) => status.startsWith("2"))).toBe(true);
      expect(answers.some(([, answer]) => "application/problem+json" in (answer.content ?? {}))).toBe(true);
      if (name !== "POST /api/session")
        expect(operation.security).toEqual(expect.arrayContaining([{ bearer: [] }, { cookie: [] }]));
    }
    const idempotent = document.paths["/api/enrolments"].post.parameters;
    const { parameters, responses } = document.paths["/api/stream"].get;
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: "Last-Event-ID", in: "header", required: false }),
    );
    expect(Object.keys(responses["200"].content)).toEqual(["text/event-stream"]);
    expect(idempotent).toContainEqual(
      expect.objectContaining({ name: "Idempotency-Key", in: "header", required: true }),
    );
  });

  it("has a schema for every event type of every published version", async () => {
    const { body: whole } = await server.api.get(`/api/pathways/${PATHWAY}/1.0.0`, { as: "lead" });
    const choice = document.components.schemas[`${PATHWAY}-1.0.0`];
    const types = [...Object.keys(whole.document.events), "pathway.paused", "pathway.resumed", "pathway.exited"];
    expect(Object.keys(choice.discriminator.mapping).sort()).toEqual(types.sort());
    expect(choice.oneOf).toHaveLength(types.length);
    const body = document.paths["/api/enrolments/{id}/events"].post.requestBody.content["application/json"].schema;
    expect(body.anyOf).toContainEqual({ $ref: `#/components/schemas/${PATHWAY}-1.0.0` });
    const ajv = addFormats(new Ajv({ strict: false, schemas: [{ $id: "api", components: document.components }] }));
    const validate = ajv.compile({ $ref: `api#/components/schemas/${PATHWAY}-1.0.0` });
    expect(validate({ type: "radiotherapy.started", data: RADIOTHERAPY, occurredAt: "2026-01-01" })).toBe(true);
    expect(validate({ type: "radiotherapy.started", data: { ...RADIOTHERAPY, x: 1 } })).toBe(false);
    expect(validate({ type: "pathway.resumed" })).toBe(true);
  });

  it("has these schemas wherever an event or its data stands in a request", () => {
    const ajv = addFormats(new Ajv({ strict: false, schemas: [{ $id: "api", components: document.components }] }));
    const bodyOf = (path: string) => {
      const { schema } = document.paths[path].post.requestBody.content["application/json"];
      return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')));
    };
    const wrong = { ...RADIOTHERAPY, x: 1 };

    const isEnrolment = bodyOf("/api/enrolments");
    const past = { type: "radiotherapy.started", occurredAt: "2026-01-01", data: RADIOTHERAPY };
    const enrolment = (event: object) => ({ pathway: PATHWAY, patient: patient(), events: [event] });
    expect(isEnrolment(enrolment(past))).toBe(true);
    for (const event of [
      { ...past, data: wrong },
      { ...past, type: "nonsense" },
      { ...past, type: "pathway.enrolled", data: {} },
      { ...past, keepAside: true },
      { type: past.type, data: past.data },
    ])
      expect([event, isEnrolment(enrolment(event))]).toEqual([event, false]);

    const isCorrection = bodyOf("/api/enrolments/{id}/events/{seq}/correction");
    for (const [data, answer] of [
      [RADIOTHERAPY, true],
      [{}, true],
      [wrong, false],
    ] as const)
      expect([data, isCorrection({ data, reason: "mistyped" })]).toEqual([data, answer]);
  });

  it("keeps what it says about answers", async () => {
    const ajv = addFormats(
      new Ajv({ strict: false, allErrors: true, schemas: [{ $id: "api", components: document.components }] }),
    );
    const check = (method: string, route: string, reply: Reply) => {
      const content = document.paths[route][method].responses[reply.status]?.content;
      const validate = ajv.compile(JSON.parse(JSON.stringify(content[reply.type].schema).replaceAll('"#/', '"api#/')));
      expect([method, route, reply.status, validate(reply.body), validate.errors]).toEqual([
        method,
        route,
        reply.status,
        true,
        null,
      ]);
      return reply.body;
    };
    const { api } = server;
    const as = "clinician" as const;
    const made = await api.post(
      "/api/enrolments",
      { pathway: PATHWAY, patient: patient(), occurredAt: "2026-01-05" },
      { as },
    );
    const { id, tasks } = check("post", "/api/enrolments", made);
    const events = "/api/enrolments/{id}/events";
    const start = {
      type: "radiotherapy.started",
      occurredAt: "2026-01-06",
      data: RADIOTHERAPY,
      note: "n",
      source: { system: "s", id: "1" },
    };
    const { event } = check("post", events, await report(api, id, start, as));
    check("post", events, await report(api, id, start, as));
    check("post", events, await report(api, id, { type: "nonsense" }, as));
    check("post", events, await report(api, id, { type: "therapy.discharged" }, as));
    check("post", events, await report(api, id, { type: "pathway.paused", data: { reason: "r" } }, as));
    const correction = { occurredAt: "2026-01-07", reason: "r" };
    check(
      "post",
      `${events}/{seq}/correction`,
      await api.post(`/api/enrolments/${id}/events/${event.seq}/correction`, correction, { as }),
    );
    check(
      "patch",
      "/api/enrolments/{id}/patient",
      await api.send("PATCH", `/api/enrolments/${id}/patient`, { phone: "1" }, { as }),
    );
    check("get", "/api/enrolments/{id}", await api.get(`/api/enrolments/${id}`, { as }));
    check("get", "/api/enrolments/{id}", await api.get(`/api/enrolments/${id}?asOf=2025-01-01`, { as }));
    check("get", "/api/enrolments/{id}", await api.get(`/api/enrolments/${id}`));
    check("get", "/api/enrolments/{id}/history", await api.get(`/api/enrolments/${id}/history?limit=500`, { as }));
    check("get", "/api/enrolments", await api.get("/api/enrolments", { as }));
    check("post", "/api/enrolments/search", await api.post("/api/enrolments/search", { q: "example" }, { as }));
    check("get", "/api/tasks", await api.get("/api/tasks", { as }));
    const claimed = tasks.find((task: Body) => task.role === "coordinator");
    check("post", "/api/tasks/{id}/claim", await api.post(`/api/tasks/${claimed.id}/claim`, undefined, { as: "lead" }));
    const snooze = `/api/tasks/${claimed.id}/snooze`;
    check("post", "/api/tasks/{id}/snooze", await api.post(snooze, { until: "2020-01-01" }, { as: "lead" }));
    check(
      "post",
      "/api/tasks/{id}/snooze",
      await api.post(snooze, { until: "2100-01-01", reason: "r" }, { as: "lead" }),
    );
    const assign = `/api/tasks/${claimed.id}/assign`;
    check("post", "/api/tasks/{id}/assign", await api.post(assign, { assignee: "nobody" }, { as: "lead" }));
    check("post", "/api/tasks/{id}/assign", await api.post(assign, { assignee: "coordinator" }, { as: "lead" }));
    const pass = { from: "coordinator", to: "clinician", reason: "Away" };
    check("post", "/api/tasks/reassign", await api.post("/api/tasks/reassign", pass, { as: "lead" }));
    check("post", "/api/tasks/search", await api.post("/api/tasks/search", { q: "example" }, { as }));
    for (const user of ["clinician", "system"] as const)
      check("get", "/api/tasks/next", await api.get("/api/tasks/next", { as: user }));
    check("get", "/api/sites", await api.get("/api/sites", { as }));
    const responsible = `/api/enrolments/${id}/responsible`;
    check(
      "put",
      "/api/enrolments/{id}/responsible",
      await api.send("PUT", responsible, { person: "coordinator" }, { as }),
    );
    check(
      "put",
      "/api/enrolments/{id}/responsible",
      await api.send("PUT", responsible, { person: "clinician" }, { as }),
    );
    const handOver = { from: "nobody", to: "coordinator", enrolments: [randomUUID()], reason: "r" };
    check("post", "/api/enrolments/responsible", await api.post("/api/enrolments/responsible", handOver, { as }));
    check("get", "/api/enrolments/{id}", await api.get(`/api/enrolments/${id}`, { as }));
    check("get", "/api/enrolments/{id}/history", await api.get(`/api/enrolments/${id}/history?limit=500`, { as }));
    check("get", "/api/session", await api.get("/api/session", { as }));
    check("get", "/api/sessions", await api.get("/api/sessions", { as }));
    check("get", "/api/people", await api.get("/api/people", { as: "admin" }));
    check("get", "/api/people", await api.get("/api/people", { as }));
    const colleague = { name: "A colleague", email: "colleague@example.org", roles: [] };
    check("post", "/api/people", await api.post("/api/people", colleague, { as: "admin" }));
    const absent = { from: "2026-07-01", to: "2026-07-14", deputy: "clinician2" };
    const away = await api.send("PATCH", "/api/people/clinician", { absent, phone: "1" }, { as: "admin" });
    check("patch", "/api/people/{id}", away);
    check("patch", "/api/people/{id}", await api.send("PATCH", "/api/people/lead", { email: "x" }, { as: "admin" }));
    const shift = { person: "clinician", days: [6, 7], from: "18:00", to: "08:00" };
    const onCall = { clinician: [shift, "clinician2"] };
    check("put", "/api/sites/{id}/on-call", await api.send("PUT", "/api/sites/main/on-call", onCall, { as: "admin" }));
    check("get", "/api/sites", await api.get("/api/sites", { as }));
    check("get", "/api/pathways", await api.get("/api/pathways", { as }));
    check("get", "/api/pathways/{id}/{version}", await api.get(`/api/pathways/${PATHWAY}/1.0.0`, { as }));
    const catalogues = `/api/pathways/${PATHWAY}/1.1.0/catalogues`;
    check("get", "/api/pathways/{id}/{version}/catalogues", await api.get(catalogues, { as }));
    const words = "/api/pathways/{id}/{version}/catalogues/{language}";
    check("get", words, await api.get(`${catalogues}/fr`, { as }));
    check("post", words, await api.post(`${catalogues}/fr`, {}, { as: "admin" }));
    const french = { pathway: PATHWAY, version: "1.1.0", language: "fr", tracks: { pain: "Douleur" } };
    check("post", words, await api.post(`${catalogues}/fr`, french, { as: "admin" }));
    check("post", "/api/audit/verifications", await api.post("/api/audit/verifications", {}, { as: "auditor" }));
    check("post", "/api/audit/verifications", await api.post("/api/audit/verifications", {}, { as }));
  });

  it("has a page for people, to which the bare address leads, that needs nothing from elsewhere", async () => {
    const address = await server.api.get("/");
    expect([address.status, address.headers.get("location")]).toEqual([302, "/docs"]);
    const page = await server.api.get("/docs");
    expect(page).toMatchObject({ status: 200, type: "text/html" });
    const assets = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(assets.length).toBeGreaterThan(1);
    for (const asset of assets) {
      expect(asset).not.toMatch(/^(https?:)?\/\//);
      const { status } = await server.api.get(new URL(asset, `${server.api.url}/docs`).pathname);
      expect([asset, status]).toEqual([asset, 200]);
    }
  });
});
