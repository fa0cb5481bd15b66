import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, PATHWAY, RADIOTHERAPY, report } from "./support/story.js";

describe("a request that is sent again is answered with the same outcome and happens once", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
  });
  afterAll(() => server.stop());
  const historyOf = async (id: string) =>
    (await server.api.get(`/api/enrolments/${id}/history`, { as: "auditor" })).body.items;

  it("needs a key of 1 to 255 characters on enrolments and events", async () => {
    const { id } = await enrol(server.api);
    for (const key of [null, "", "k".repeat(256)]) {
      const options = { as: "coordinator" as const, key };
      const problem = { status: 400, body: { type: "/problems/idempotency-key-missing" } };
      expect(await server.api.post("/api/enrolments", { pathway: PATHWAY, patient: patient() }, options)).toMatchObject(
        problem,
      );
      expect(await server.api.post(`/api/enrolments/${id}/events`, { type: "pathway.resumed" }, options)).toMatchObject(
        problem,
      );
    }
  });

  it("says each time what a known patient's enrolment says otherwise than the record, and changes nothing of it", async () => {
    const known = patient({ birthDate: "1960-04-12" });
    const { id } = await enrol(server.api, { patient: known });
    await report(server.api, id, { type: "pathway.exited", data: { reason: "completed" } });
    const body = { pathway: PATHWAY, patient: { ...known, givenName: "Augusta", birthDate: "1960", phone: "1234" } };
    const options = { as: "coordinator" as const, key: "another name" };
    const first = await server.api.post("/api/enrolments", body, options);
    expect(first).toMatchObject({ status: 201, body: { patient: { givenName: "Ada", birthDate: "1960-04-12" } } });
    expect(first.body.notices).toEqual([expect.stringContaining("known otherwise (given name, phone number)")]);
    expect((await server.api.post("/api/enrolments", body, options)).body).toEqual(first.body);
    expect(await server.api.get(`/api/enrolments/${first.body.id}`, { as: "lead" })).not.toHaveProperty("body.notices");
  });

  it("replays an enrolment", async () => {
    const body = { pathway: PATHWAY, patient: patient(), occurredAt: "2026-05-01T09:00:00Z" };
    const key = randomUUID();
    const first = await server.api.post("/api/enrolments", body, { as: "coordinator", key });
    await report(server.api, first.body.id, { type: "contact.made", data: { channel: "phone" } });
    await server.clock.advance(3_600_000);
    const again = await server.api.post("/api/enrolments", body, { as: "coordinator", key });
    expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body });
    const other = await server.api.post("/api/enrolments", { ...body, site: "main" }, { as: "coordinator", key });
    expect(other).toMatchObject({ status: 422, body: { type: "/problems/key-reused" } });
  });

  it("whatever way the address was spelled", async () => {
    const { id } = await enrol(server.api);
    const event = { type: "contact.made", data: { channel: "phone" }, note: "called back" };
    const answers = [];
    for (const spelled of [id, id.toUpperCase(), id.replace("-", "%2D")]) {
      answers.push(await report(server.api, spelled, event, "coordinator", "spelled"));
    }
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.event.seq)).size).toBe(1);
    expect(await historyOf(id.toUpperCase())).toEqual(await historyOf(id));
  });

  it("refuses a try-out that does not say so", async () => {
    const { id } = await enrol(server.api);
    const before = await historyOf(id);
    for (const query of ["dryRun", "dryRun=", "dryRun=1"]) {
      const body = { type: "contact.made", data: { channel: "phone" } };
      const answer = await server.api.post(`/api/enrolments/${id}/events?${query}`, body, { as: "coordinator" });
      expect(answer).toMatchObject({ status: 400, body: { type: "/problems/malformed-request" } });
    }
    expect(await historyOf(id)).toEqual(before);
  });

  it("never takes a blank identifier for a patient's", async () => {
    for (const value of ["  ", "\u00a0", "\u200b", "-"]) {
      const body = { pathway: PATHWAY, patient: { ...patient(), identifiers: [{ system: "mrn", value }] } };
      expect(await server.api.post("/api/enrolments", body, { as: "coordinator" })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: "/patient/identifiers/0/value" }] },
      });
    }
  });

  it("replays an event as it was answered, whatever came after", async () => {
    const { id } = await enrol(server.api, { occurredAt: "2026-05-01T09:00:00Z" });
    const event = {
      type: "radiotherapy.started",
      occurredAt: "2026-05-10T09:00:00Z",
      data: RADIOTHERAPY,
      note: "told by phone",
    };
    const key = "the start";
    const first = await report(server.api, id, event, "coordinator", key);
    expect(first.status).toBe(201);
    await report(server.api, id, { type: "redFlag.reported", data: { signs: ["newWeakness"] } });
    const before = await historyOf(id);
    const again = await report(server.api, id, event, "coordinator", key);
    expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body });
    expect(await historyOf(id)).toEqual(before);
    expect(await report(server.api, id, { ...event, note: "x" }, "coordinator", key)).toMatchObject({ status: 422 });
    // Keys are per person.
    expect(
      await report(server.api, id, { type: "contact.made", data: { channel: "sms" } }, "clinician", key),
    ).toMatchObject({ status: 201 });
  });

  it("replays a refusal, even when it would be accepted by now", async () => {
    const { id } = await enrol(server.api, { occurredAt: "2026-05-01T09:00:00Z" });
    const event = { type: "therapy.discharged", data: {} };
    const first = await report(server.api, id, event, "coordinator", "early");
    expect(first.status).toBe(409);
    await report(server.api, id, { type: "therapy.referred", data: {} });
    const again = await report(server.api, id, event, "coordinator", "early");
    expect({ status: again.status, body: again.body }).toEqual({ status: 409, body: first.body });
    expect((await historyOf(id)).filter((item: { kind: string }) => item.kind === "refusal")).toHaveLength(1);
  });

  it("happens once when it arrives many times at once", async () => {
    const body = { pathway: PATHWAY, patient: patient() };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => server.api.post("/api/enrolments", body, { as: "coordinator", key: "many" })),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]));
    expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1);
    const { id } = replies[0]!.body;
    const event = { type: "contact.failed", data: { channel: "phone" } };
    const reports = await Promise.all(
      Array.from({ length: 8 }, () => report(server.api, id, event, "coordinator", "once")),
    );
    expect(new Set(reports.map((reply) => reply.body.event?.seq)).size).toBe(1);
    expect((await historyOf(id)).filter((item: { type: string }) => item.type === "contact.failed")).toHaveLength(1);
  });

  it("replays corrections, claims and changes of the patient's data", async () => {
    const { id, tasks } = await enrol(server.api, { occurredAt: "2026-05-01T09:00:00Z" });
    const event = { type: "radiotherapy.started", occurredAt: "2026-05-10T09:00:00Z", data: RADIOTHERAPY };
    const { seq } = (await report(server.api, id, event)).body.event;
    const task = tasks.find(({ key }: { key: string }) => key === "rehabilitation.notReferred");
    const requests: [string, string, object | undefined][] = [
      ["POST", `/api/enrolments/${id}/events/${seq}/correction`, { occurredAt: "2026-05-11", reason: "a slip" }],
      ["POST", `/api/tasks/${task.id}/claim`, undefined],
      ["PATCH", `/api/enrolments/${id}/patient`, { phone: "1" }],
    ];
    for (const [method, path, body] of requests) {
      const options = { as: "coordinator" as const, key: `twice ${path}` };
      const first = await server.api.send(method, path, body, options);
      expect([path, first.status]).toEqual([path, method === "POST" && body ? 201 : 200]);
      const before = await historyOf(id);
      await server.clock.advance(60_000);
      const again = await server.api.send(method, path, body, options);
      expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body });
      expect(await historyOf(id)).toEqual(before);
    }
  });

  it("knows a key again on administrative routes", async () => {
    const site = { id: "north", name: "North", timeZone: "Europe/Oslo" };
    const first = await server.api.post("/api/sites", site, { as: "admin", key: "site" });
    const again = await server.api.post("/api/sites", site, { as: "admin", key: "site" });
    expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body });
    const other = await server.api.post("/api/sites", { ...site, id: "south" }, { as: "admin", key: "site" });
    expect(other).toMatchObject({ status: 422, body: { type: "/problems/key-reused" } });
    const refused = { ...site, id: "east", timeZone: "Mars/Olympus" };
    expect(await server.api.post("/api/sites", refused, { as: "admin", key: "refused" })).toMatchObject({
      status: 422,
    });
    expect(await server.api.post("/api/pathways", {}, { as: "admin", key: "faulty" })).toMatchObject({ status: 422 });
    const kept = await server.database.owner.query(
      "select person, route, key from idempotency_key where route in ('POST /api/sites', 'POST /api/pathways') order by key",
    );
    expect(kept).toEqual([
      { person: "admin", route: "POST /api/pathways", key: "faulty" },
      { person: "admin", route: "POST /api/sites", key: "refused" },
      { person: "admin", route: "POST /api/sites", key: "site" },
    ]);
    const mended = await server.api.post("/api/sites", { ...site, id: "east" }, { as: "admin", key: "refused" });
    expect(mended).toMatchObject({ status: 422, body: { type: "/problems/key-reused" } });
  });

  it("carries out one of two administrative requests that come with one key at once", async () => {
    const sites = ["first", "second", "third"].map((id) => ({ id, name: id, timeZone: "Europe/Oslo" }));
    const replies = await Promise.all(
      sites.map((site) => server.api.post("/api/sites", site, { as: "admin", key: "at once" })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    const { body } = await server.api.get("/api/sites", { as: "admin" });
    const made = body.items.filter(({ id }: { id: string }) => sites.some((site) => site.id === id));
    expect(made).toHaveLength(1);
  });
});
