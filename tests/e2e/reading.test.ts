import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, patient, RADIOTHERAPY, report } from "./support/story.js";

describe("an enrolment is read as it stands, as it stood and as it was known", () => {
  let server: Server;
  let id: string;
  beforeAll(async () => {
    server = await startServer({ at: "2026-01-05T09:00:00Z" });
    id = (await enrol(server.api)).id;
    await server.clock.set("2026-02-02T09:00:00Z");
    await report(server.api, id, {
      type: "radiotherapy.started",
      occurredAt: "2026-01-12T09:00:00Z",
      data: RADIOTHERAPY,
    });
  });
  afterAll(() => server.stop());
  const read = async (query = "", as: "auditor" | "coordinator" = "auditor") =>
    (await server.api.get(`/api/enrolments/${id}${query}`, { as })).body;

  it("shows everything that the contract names", async () => {
    const body = await read("", "coordinator");
    expect(body).toMatchObject({
      id,
      pathway: { id: expect.any(String), version: "1.0.0", hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      site: "main",
      patient: { id: expect.any(String), familyName: "Example", givenName: "Ada", birthDate: "1960-04-12" },
      status: "active",
      state: { treatment: "awaitingResponse", safety: "clear" },
      enrolledAt: "2026-01-05T09:00:00.000Z",
      projectedTo: "2026-02-02T09:00:00.000Z",
      setAside: [],
      latest: { "radiotherapy.started": { occurredAt: "2026-01-12T09:00:00.000Z", data: RADIOTHERAPY } },
      derived: expect.any(Object),
      flags: expect.any(Array),
      seq: expect.any(Number),
    });
    expect(body).not.toHaveProperty("exitReason");
    const review = body.timers.find((timer: Body) => timer.name === "responseReview");
    expect(review).toEqual({
      name: "responseReview",
      state: "treatment.awaitingResponse",
      dueAt: "2026-05-12T09:00:00.000Z",
      status: "pending",
    });
    expect(body.tasks.map((task: Body) => Object.keys(task).sort())).toContainEqual([
      "dueAt",
      "enrolmentId",
      "escalated",
      "flags",
      "id",
      "key",
      "openedAt",
      "overdue",
      "pathway",
      "patient",
      "resolves",
      "role",
      "title",
      "urgency",
    ]);
  });

  it("offers what the caller may report", async () => {
    const types = async (as: "coordinator" | "auditor" | "clinician") =>
      (await server.api.get(`/api/enrolments/${id}`, { as })).body.acceptedEvents.map((event: Body) => event.type);
    expect(await types("clinician")).toContain("response.assessed");
    expect(await types("coordinator")).not.toContain("response.assessed");
    expect(await types("coordinator")).toContain("radiotherapy.completed");
    expect(await types("auditor")).toEqual([]);
    const [event] = (await read("", "coordinator")).acceptedEvents;
    expect(event).toEqual({
      type: expect.any(String),
      title: expect.any(String),
      schema: expect.objectContaining({ type: "object" }),
    });
  });

  it("goes back in time and in knowledge", async () => {
    expect(await read("?asOf=2026-01-20T00:00:00Z")).toMatchObject({ state: { treatment: "awaitingResponse" } });
    expect(await read("?asOf=2026-01-20T00:00:00Z&knownAt=2026-01-20T00:00:00Z")).toMatchObject({
      state: { treatment: "awaitingRadiotherapy" },
    });
    expect((await read("?asOf=2026-01-12")).state.treatment).toBe("awaitingResponse");
    expect((await read("?asOf=2026-01-11")).state.treatment).toBe("awaitingRadiotherapy");
    const before = await server.api.get(`/api/enrolments/${id}?asOf=2026-01-01`, { as: "auditor" });
    expect(before).toMatchObject({ status: 200, body: { id, status: "notEnrolled", tasks: [], timers: [] } });
    expect(await server.api.get(`/api/enrolments/${id}?asOf=then`, { as: "auditor" })).toMatchObject({ status: 400 });
    expect(await server.api.get(`/api/enrolments/${id}?asOf=2026-02-02T09:00:00`, { as: "auditor" })).toMatchObject({
      status: 400,
    });
  });

  it("tells the history, oldest first, page by page, chained", async () => {
    const all = (await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body;
    expect(all.nextCursor).toBeNull();
    expect(all.items.map((item: Body) => item.seq)).toEqual(all.items.map((_: Body, index: number) => index + 1));
    for (const [index, item] of all.items.entries()) {
      expect(item.hash).toMatch(/^[0-9a-f]{64}$/);
      if (index > 0) expect(item.previousHash).toBe(all.items[index - 1].hash);
    }
    const start = all.items.find((item: Body) => item.type === "radiotherapy.started");
    expect(start).toMatchObject({
      kind: "event",
      effective: "counts",
      occurredAt: "2026-01-12T09:00:00.000Z",
      recordedAt: "2026-02-02T09:00:00.000Z",
      by: "coordinator",
      data: RADIOTHERAPY,
      stateBefore: { treatment: "awaitingRadiotherapy" },
      stateAfter: { treatment: "awaitingResponse" },
    });
    expect(all.items.map((item: Body) => item.kind)).toEqual(expect.arrayContaining(["pin", "event", "task"]));
    const closed = all.items.find((item: Body) => item.type === "task.closed");
    expect(closed.because).toMatchObject({ kind: "event", seq: start.seq });
    const pages: Body[] = [];
    for (let cursor = ""; ;) {
      const { body } = await server.api.get(`/api/enrolments/${id}/history?limit=3${cursor}`, { as: "auditor" });
      pages.push(...body.items);
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(pages).toEqual(all.items);
  });

  it("is never stale: a timer that is due has fired", async () => {
    const { id: other } = await enrol(server.api, { occurredAt: "2026-01-05T09:00:00Z" });
    await report(server.api, other, {
      type: "radiotherapy.started",
      occurredAt: "2026-01-12T09:00:00Z",
      data: RADIOTHERAPY,
    });
    await server.clock.set("2026-05-12T09:00:00Z");
    const { body } = await server.api.get(`/api/enrolments/${other}`, { as: "coordinator" });
    expect(body.state.treatment).toBe("responseReview");
    expect(body.tasks.map((task: Body) => task.key)).toContain("treatment.responseReview");
    const history = (await server.api.get(`/api/enrolments/${other}/history?limit=500`, { as: "auditor" })).body.items;
    const fired = history.find((item: Body) => item.type === "timer.fired" && item.detail.name === "responseReview");
    expect(fired).toMatchObject({ kind: "timer", firedBy: "event" });
  });

  it("corrects and adds personal data, without clear values in the history", async () => {
    const changes = { familyName: "Corrigenda", email: "ada@example.org", contactConsent: { email: true } };
    const reply = await server.api.send("PATCH", `/api/enrolments/${id}/patient`, changes, { as: "coordinator" });
    expect(reply).toMatchObject({
      status: 200,
      body: { patient: { ...changes, givenName: "Ada", birthDate: "1960-04-12" } },
    });
    const history = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    expect(history.body.items.at(-1)).toMatchObject({ kind: "patient", by: "coordinator" });
    const foreign = patient();
    await enrol(server.api, { patient: foreign });
    const taken = { identifiers: foreign["identifiers"] };
    expect(await server.api.send("PATCH", `/api/enrolments/${id}/patient`, taken, { as: "coordinator" })).toMatchObject(
      {
        status: 409,
        body: { type: "/problems/duplicate-identifier" },
      },
    );
    expect(await server.api.send("PATCH", `/api/enrolments/${id}/patient`, {}, { as: "coordinator" })).toMatchObject({
      status: 422,
    });
  });
});
