import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, report } from "./support/story.js";

const MARKER = 271_828;

/** Well-formed, and yet its timer's guard reads a field that the data need not have. */
const DOCUMENT = `id: faulty
version: 1.0.0
title: Faulty
tracks: { care: Care }
parameters:
  pauseReviewAfter: { value: P4W, unit: duration, source: null, evidence: siteDecision }
events:
  weighed:
    title: Weighed
    reporters: [coordinator]
    schema:
      type: object
      properties: { scale: { type: integer }, weight: { type: integer } }
timers:
  review: { after: P7D }
machine:
  type: parallel
  states:
    care:
      initial: waiting
      states:
        waiting:
          on: { weighed: {} }
          after:
            review:
              - { guard: "latest('weighed').data.weight > 40", target: heavy }
              - { target: light }
        heavy: { meta: { quiet: true } }
        light: { meta: { quiet: true } }
`;
const DUE = "2026-01-12T09:00:00.000Z";

describe("an enrolment whose pathway has a guard that fails stays readable", () => {
  let server: Server;
  let id: string;
  let lastGood: Body;
  beforeAll(async () => {
    server = await startServer({ at: "2026-01-05T09:00:00Z" });
    const headers = { "content-type": "application/yaml" };
    expect(await server.api.post("/api/pathways", DOCUMENT, { as: "admin", headers })).toMatchObject({ status: 201 });
    id = (await enrol(server.api, { pathway: "faulty" })).id;
    await server.clock.set("2026-01-06T09:00:00Z");
    const reply = await report(server.api, id, { type: "weighed", data: { scale: MARKER } });
    expect(reply.status).toBe(201);
    lastGood = reply.body.enrolment;
    await server.clock.set("2026-02-02T09:00:00Z");
  });
  afterAll(() => server.stop());
  const read = (path = "") => server.api.get(`/api/enrolments/${id}${path}`, { as: "auditor" });

  it("shows its last good state with the fault, which names its place and quotes nothing", async () => {
    expect(lastGood).not.toHaveProperty("fault");
    const { status, body } = await read();
    const { fault, ...shown } = body;
    expect(status).toBe(200);
    const responsible = "coordinator";
    expect({ ...shown, acceptedEvents: lastGood.acceptedEvents }).toEqual({ ...lastGood, responsible });
    expect(fault).toEqual({ place: expect.stringContaining("review"), detail: expect.stringContaining(fault.place) });
    expect(fault.detail).toContain(lastGood.projectedTo);
    expect(fault.detail).not.toContain(String(MARKER));
    expect(body.timers).toMatchObject([{ name: "review", dueAt: DUE, status: "pending" }]);
  });

  it("as described to the outside", async () => {
    const { paths } = (await server.api.get("/docs/json")).body;
    const { schema } = paths["/api/enrolments/{id}"].get.responses["200"].content["application/json"];
    expect(schema.properties.fault.required).toEqual(["place", "detail"]);
    expect(schema.required).not.toContain("fault");
    const describes = new Ajv({ strict: false, validateFormats: false }).compile(schema.properties.fault);
    expect(describes((await read()).body.fault)).toBe(true);
  });

  it("shows its history", async () => {
    const { status, body } = await read("/history");
    expect(status).toBe(200);
    expect(body.items.map((item: Body) => item.type)).toEqual(["pathway.enrolled", "enrolment.pinned", "weighed"]);
    expect(body.items.at(-1)).toMatchObject({ effective: "counts", data: { scale: MARKER } });
  });

  it("shows what was before the fault as it was", async () => {
    const { status, body } = await read("?asOf=2026-01-11T09:00:00Z");
    expect({ status, state: body.state, projectedTo: body.projectedTo }).toEqual({
      ...{ status: 200, state: { care: "waiting" }, projectedTo: "2026-01-11T09:00:00.000Z" },
    });
    expect(body).not.toHaveProperty("fault");
  });

  it("shows what was known before as far as that went, with the fault, and nothing of what came later", async () => {
    const { status, body } = await read("?knownAt=2026-01-05T12:00:00Z");
    expect({ status, seq: body.seq, latest: Object.keys(body.latest), projectedTo: body.projectedTo }).toEqual({
      ...{ status: 200, seq: 2, latest: ["pathway.enrolled"], projectedTo: "2026-01-05T09:00:00.000Z" },
    });
    expect(body.fault).toEqual({ place: expect.stringContaining("review"), detail: expect.any(String) });
    expect(body.fault.detail).toContain(body.projectedTo);
    const before = (await read("?knownAt=2026-01-05T12:00:00Z&asOf=2026-01-11T09:00:00Z")).body;
    expect(before).toMatchObject({ seq: 2, projectedTo: "2026-01-11T09:00:00.000Z" });
    expect(before).not.toHaveProperty("fault");
  });

  it("logs each time that it could not be woken, by its id and the place", async () => {
    const before = server.log.length;
    expect((await read()).status).toBe(200);
    const told = server.log.slice(before).map((line) => JSON.parse(line) as Body);
    expect(told.filter(({ msg }) => msg === "fault")).toMatchObject([
      { level: 50, enrolment: id, place: expect.stringContaining("review") },
    ]);
    expect(server.log.join("")).not.toContain(String(MARKER));
  });

  it("takes nothing new, fires nothing, and loses nothing", async () => {
    const before = (await read("/history")).body;
    const logged = server.log.length;
    const again = () =>
      report(server.api, id, { type: "weighed", data: { weight: 50 } }, "coordinator", "weighed again");
    for (const reply of [await again(), await again()]) {
      expect(reply).toMatchObject({ status: 500, body: { type: "/problems/pathway-fault" } });
      const { place, detail } = reply.body;
      expect(place).toContain("review");
      expect(detail).toContain(`fails at ${place}: nothing was recorded`);
      expect(JSON.stringify(reply.body)).not.toContain(String(MARKER));
    }
    expect((await read("/history")).body).toEqual(before);
    const told = server.log.slice(logged).map((line) => JSON.parse(line) as Body);
    expect(told.filter(({ route, fault }) => fault === "ExpressionError" && /events/.test(String(route)))).toHaveLength(
      2,
    );
  });

  it("names that problem in its description, and has a page for it", async () => {
    const { paths } = (await server.api.get("/docs/json")).body;
    const { description } = paths["/api/enrolments/{id}/events"].post.responses["500"];
    expect(description).toContain("`/problems/pathway-fault`");
    expect(await server.api.get("/docs/problems/pathway-fault")).toMatchObject({ status: 200 });
  });
});
