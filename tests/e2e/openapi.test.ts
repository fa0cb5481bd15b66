import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { PATHWAY, RADIOTHERAPY } from "./support/story.js";

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
        "POST /api/enrolments",
        "GET /api/enrolments",
        "POST /api/enrolments/search",
        "GET /api/enrolments/{id}",
        "PATCH /api/enrolments/{id}/patient",
        "POST /api/enrolments/{id}/events",
        "POST /api/enrolments/{id}/events/{seq}/correction",
        "GET /api/enrolments/{id}/history",
        "GET /api/tasks",
        "POST /api/tasks/{id}/claim",
        "POST /api/tasks/{id}/release",
        "GET /api/sites",
        "POST /api/sites",
        "PUT /api/sites/{id}/calendar",
        "GET /api/pathways",
        "POST /api/pathways",
        "GET /api/pathways/{id}/{version}",
        "GET /api/pathways/{id}/{version}/xstate.json",
        "POST /api/audit/verifications",
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
    const ajv = new Ajv({ strict: false, schemas: [{ $id: "api", components: document.components }] });
    const validate = ajv.compile({ $ref: `api#/components/schemas/${PATHWAY}-1.0.0` });
    expect(validate({ type: "radiotherapy.started", data: RADIOTHERAPY, occurredAt: "2026-01-01" })).toBe(true);
    expect(validate({ type: "radiotherapy.started", data: { ...RADIOTHERAPY, x: 1 } })).toBe(false);
    expect(validate({ type: "pathway.resumed" })).toBe(true);
  });

  it("has a page for people that needs nothing from elsewhere", async () => {
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
