import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Body, User } from "./support/api.js";
import { type Server, startServer } from "./support/server.js";
import { enrol, IMPROVED, RADIOTHERAPY, report, taskKeys } from "./support/story.js";

describe("a whole story, by requests alone", () => {
  let server: Server;
  let id: string;
  beforeAll(async () => {
    server = await startServer({ at: "2026-06-15T10:00:00Z" });
  });
  afterAll(() => server.stop());

  /** Reports an event as it happens; a minute passes between them. */
  const happens = async (type: string, data: object, as: User, more: object = {}): Promise<Body> => {
    await server.clock.advance(60_000);
    const { status, body } = await report(server.api, id, { type, data, ...more }, as);
    expect([type, status, body.detail]).toEqual([type, 201, undefined]);
    return body;
  };
  const sideEffects = (body: Body) => body.enrolment.state.sideEffects;

  it("enrols, and sees the overdue review of a radiotherapy that began five months ago at once", async () => {
    id = (await enrol(server.api, { occurredAt: "2026-01-08T09:00:00Z" })).id;
    const started = await happens("radiotherapy.started", RADIOTHERAPY, "coordinator", {
      occurredAt: "2026-01-15T14:00:00Z",
    });
    expect(taskKeys(started.enrolment)).toContain("treatment.responseReview");
    const { body } = await server.api.get("/api/tasks?due=overdue&role=clinician", { as: "clinician" });
    expect(body.items.map((task: Body) => task.key)).toContain("treatment.responseReview");
  });

  it("assesses the response", async () => {
    const { body } = await server.api.get("/api/tasks?role=clinician&due=overdue", { as: "clinician" });
    const review = body.items.find((task: Body) => task.key === "treatment.responseReview");
    expect((await server.api.post(`/api/tasks/${review.id}/claim`, undefined, { as: "clinician" })).status).toBe(200);
    const assessed = await happens("response.assessed", IMPROVED, "clinician");
    expect(assessed.enrolment.state.treatment).toEqual({ responding: "stable" });
    expect(taskKeys(assessed.enrolment)).not.toContain("treatment.responseReview");
  });

  it("reports causalgia, and goes up to a block", async () => {
    const reported = await happens("sideEffect.reported", { kind: "causalgia", pain: 5, redFlags: [] }, "coordinator");
    expect([...reported.takenBy].sort()).toEqual(["pain", "sideEffects"]);
    expect(sideEffects(reported)).toEqual({ conservative: "choosing" });
    await happens("modality.started", { class: "oral", name: "gabapentin", drugClass: "antiepileptic" }, "clinician");
    const uncontrolled = { control: "uncontrolled", pain: 6, redFlags: [] };
    expect(sideEffects(await happens("sideEffect.reassessed", uncontrolled, "clinician"))).toBe("blockProposed");
    expect(sideEffects(await happens("escalation.accepted", { rung: "block" }, "clinician"))).toBe("blockPlanned");
    expect(sideEffects(await happens("block.performed", {}, "clinician2"))).toEqual({ afterBlock: "watching" });
  });

  it("corrects the start date, and sees the timers move", async () => {
    const { body: history } = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    const { seq } = history.items.find((item: Body) => item.type === "radiotherapy.started");
    const correction = { occurredAt: "2026-04-15T14:00:00Z", reason: "the month was mistyped" };
    const path = `/api/enrolments/${id}/events/${seq}/correction`;
    const dry = await server.api.post(`${path}?dryRun=true`, correction, { as: "coordinator", key: null });
    const { status, body } = await server.api.post(path, correction, { as: "coordinator" });
    expect(status).toBe(201);
    expect(body.changes).toEqual(dry.body.changes);
    expect(body.latest["radiotherapy.started"].occurredAt).toBe("2026-04-15T14:00:00.000Z");
    const now = await server.api.get(`/api/enrolments/${id}?asOf=2026-05-01`, { as: "auditor" });
    const review = now.body.timers.find((timer: Body) => timer.name === "responseReview");
    expect(review.dueAt).toBe("2026-08-17T09:00:00.000Z");
    const then = await server.api.get(`/api/enrolments/${id}?asOf=2026-05-01&knownAt=2026-06-15T10:02:00Z`, {
      as: "auditor",
    });
    expect(then.body.timers.find((timer: Body) => timer.name === "responseReview").dueAt).toBe(
      "2026-05-15T09:00:00.000Z",
    );
  });

  it("exits, and nothing is left open", async () => {
    const exited = await happens("pathway.exited", { reason: "completed" }, "coordinator");
    expect(exited.enrolment).toMatchObject({ status: "exited", exitReason: "completed", tasks: [], timers: [] });
    const { body } = await server.api.get("/api/tasks?limit=500", { as: "lead" });
    expect(body.items.filter((task: Body) => task.enrolmentId === id)).toEqual([]);
  });

  it("tells the story in its history, and the chain holds", async () => {
    const { body } = await server.api.get(`/api/enrolments/${id}/history?limit=500`, { as: "auditor" });
    const events = body.items.filter((item: Body) => item.kind === "event" || item.kind === "correction");
    expect(events.map((item: Body) => [item.type, item.by])).toEqual([
      ["pathway.enrolled", "coordinator"],
      ["radiotherapy.started", "coordinator"],
      ["response.assessed", "clinician"],
      ["sideEffect.reported", "coordinator"],
      ["modality.started", "clinician"],
      ["sideEffect.reassessed", "clinician"],
      ["escalation.accepted", "clinician"],
      ["block.performed", "clinician2"],
      ["radiotherapy.started", "coordinator"],
      ["pathway.exited", "coordinator"],
    ]);
    const verified = await server.api.post("/api/audit/verifications", { enrolment: id }, { as: "auditor", key: null });
    expect(verified.body).toEqual({ checked: 1, broken: [] });
  });
});
