import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Body } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, IMPROVED, RADIOTHERAPY, report } from "./support/story.js";

describe("a mistyped date or dose is corrected, and nothing disappears", () => {
  let server: Server;
  let id: string;
  let start: number;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    id = (await enrol(server.api, { occurredAt: "2026-01-05T09:00:00Z" })).id;
    const event = { type: "radiotherapy.started", occurredAt: "2026-05-12T09:00:00Z", data: RADIOTHERAPY };
    start = (await report(server.api, id, event)).body.event.seq;
  });
  const correct = (
    body: Record<string, unknown>,
    seq = start,
    query = "",
    as: "coordinator" | "clinician" = "coordinator",
  ) =>
    server.api.post(
      `/api/enrolments/${id}/events/${seq}/correction${query}`,
      { reason: "typing slip", ...body },
      { as },
    );
  const historyOf = async () =>
    (await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" })).body.items;

  it("moves the timers with the date", async () => {
    const reply = await correct({ occurredAt: "2026-03-12T09:00:00Z" });
    expect(reply.status).toBe(201);
    const review = (timers: Body[]) => timers.find((timer) => timer.name === "responseReview");
    expect(review(reply.body.changes.before.timers).dueAt).toBe("2026-09-14T09:00:00.000Z");
    expect(review(reply.body.changes.after.timers).dueAt).toBe("2026-07-13T09:00:00.000Z");
    expect(review(reply.body.timers)).toMatchObject({ dueAt: "2026-07-13T09:00:00.000Z", status: "pending" });
    const [event, correction] = (await historyOf()).filter(
      (item: Body) => item.seq === start || item.kind === "correction",
    );
    expect(event).toMatchObject({ occurredAt: "2026-05-12T09:00:00.000Z", effective: "counts" });
    expect(correction).toMatchObject({ corrects: start, by: "coordinator", reason: "typing slip" });
  });

  it("shows on a dry run what would change", async () => {
    const before = await historyOf();
    const reply = await correct({ strikeOut: true }, start, "?dryRun=true");
    expect(reply).toMatchObject({ status: 201, body: { state: { treatment: "awaitingRadiotherapy" } } });
    expect(reply.body.changes.before.state.treatment).toBe("awaitingResponse");
    expect(await historyOf()).toEqual(before);
  });

  it("strikes out and restores", async () => {
    expect(await correct({ strikeOut: true })).toMatchObject({
      body: { state: { treatment: "awaitingRadiotherapy" } },
    });
    expect((await historyOf()).find((item: Body) => item.seq === start).effective).toBe("struckOut");
    expect(await correct({ strikeOut: false })).toMatchObject({ body: { state: { treatment: "awaitingResponse" } } });
  });

  it("answers what is so already with 200, no record, and the same for ever", async () => {
    const { volumes, ...others } = RADIOTHERAPY;
    const same = { occurredAt: "2026-05-12T11:00:00+02:00", data: { volumes, ...others }, strikeOut: false };
    const before = await historyOf();
    const address = `/api/enrolments/${id}/events/${start}/correction`;
    const ask = () => server.api.post(address, { reason: "Again", ...same }, { as: "coordinator", key: `same-${id}` });
    const first = await ask();
    expect(first).toMatchObject({ status: 200, body: { id, changes: { setAside: [] } } });
    expect(first.body.changes.after).toEqual(first.body.changes.before);
    expect(await correct(same, start, "?dryRun=true")).toMatchObject({ status: 200 });
    expect(await historyOf()).toEqual(before);
    expect(await correct({ ...same, occurredAt: "2026-05-13" })).toMatchObject({ status: 201 });
    expect(await ask()).toMatchObject({ status: 200, body: first.body });
    expect(await correct({ strikeOut: true })).toMatchObject({ status: 201 });
    expect(await correct({ strikeOut: true })).toMatchObject({ status: 200 });
  });

  it("asks before later events fall out, and sets them aside with consent", async () => {
    await report(
      server.api,
      id,
      { type: "response.assessed", data: IMPROVED, occurredAt: "2026-06-01T09:00:00Z" },
      "clinician",
    );
    const asked = await correct({ strikeOut: true });
    expect(asked).toMatchObject({
      status: 409,
      body: { type: "/problems/consequences", setAside: [{ type: "response.assessed" }] },
    });
    const done = await correct({ strikeOut: true, acceptConsequences: true });
    expect(done).toMatchObject({ status: 201, body: { setAside: [{ type: "response.assessed" }] } });
    expect(done.body.changes.setAside).toMatchObject([{ type: "response.assessed" }]);
    expect((await historyOf()).find((item: Body) => item.type === "response.assessed").effective).toBe("setAside");
  });

  it("is refused for what it may not say", async () => {
    expect(await correct({ reason: "" })).toMatchObject({ status: 422 });
    expect(await correct({ reason: undefined })).toMatchObject({ status: 422 });
    expect(await correct({})).toMatchObject({ status: 422 });
    expect(await correct({ occurredAt: "2026-01-01" })).toMatchObject({
      status: 422,
      body: { type: "/problems/before-enrolment" },
    });
    expect(await correct({ data: { ...RADIOTHERAPY, intent: "x" } })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/data/intent" }] },
    });
    expect(await correct({ occurredAt: "2026-05-11", ifSeq: 1 })).toMatchObject({
      status: 409,
      body: { type: "/problems/stale" },
    });
    expect(await correct({ strikeOut: true }, 9999)).toMatchObject({ status: 404 });
    const assessed = await report(server.api, id, { type: "response.assessed", data: IMPROVED }, "clinician");
    expect(await correct({ strikeOut: true }, assessed.body.event.seq)).toMatchObject({ status: 403 });
    const enrolled = (await historyOf()).find((item: Body) => item.type === "pathway.enrolled").seq;
    expect((await correct({ strikeOut: true }, enrolled)).status).toBeGreaterThanOrEqual(400);
    expect(await correct({ occurredAt: "2025-12-01T09:00:00Z" }, enrolled)).toMatchObject({
      status: 201,
      body: { enrolledAt: "2025-12-01T09:00:00.000Z" },
    });
  });
});
