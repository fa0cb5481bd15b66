import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { assessment, at, keysOf, problemOf, START, standing, World } from "./engine-world.js";

let world: World;
let id: string;
let start: number;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());
beforeEach(async () => {
  ({ id } = await world.enrol({ occurredAt: at("2026-03-01T09:00:00Z") }));
  const { event } = await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-04-01T10:00:00Z") });
  start = event.seq;
});

const reviewOf = async () => (await world.view(id)).tasks.find(({ key }) => key === "treatment.responseReview");
const recordsOf = async (type: string) => (await world.history(id)).filter((record) => record.type === type);

it("a corrected date moves the review, which keeps its id and who claimed it", async () => {
  const before = (await reviewOf())!;
  await world.one({
    ...{ kind: "operateTask", actor: { person: "clinician", roles: ["clinician"] }, enrolmentId: id },
    ...{ taskId: before.id, operation: { name: "claim" } },
  });
  const { changes } = await world.correct(id, start, { occurredAt: at("2026-03-10T10:00:00Z") });
  const after = (await reviewOf())!;
  expect(after).toMatchObject({ id: before.id, assignee: "clinician", openedAt: at("2026-07-10T08:00:00Z") });
  expect(changes.before.tasks).toContainEqual(expect.objectContaining({ key: before.key, openedAt: before.openedAt }));
  expect(changes.after.tasks).toContainEqual(expect.objectContaining({ key: before.key, openedAt: after.openedAt }));
  expect(await recordsOf("task.moved")).toMatchObject([
    { because: { kind: "correction", type: "radiotherapy.started" } },
  ]);
  await world.expectConsistent(id);
});

it("a date corrected to later withdraws the review; its timer is armed again", async () => {
  const before = (await reviewOf())!;
  const { snapshot } = await world.correct(id, start, { occurredAt: at("2026-08-03T10:00:00Z") });
  expect(keysOf(snapshot)).not.toContain("treatment.responseReview");
  expect(standing(snapshot).timers).toContainEqual(
    expect.objectContaining({ name: "responseReview", dueAt: at("2026-12-03T09:00:00Z") }),
  );
  expect(await recordsOf("task.withdrawn")).toMatchObject([{ detail: { taskId: before.id } }]);
  await world.expectConsistent(id);
  await world.correct(id, start, { occurredAt: at("2026-04-01T10:00:00Z") });
  expect((await reviewOf())!.id).toBe(before.id);
  expect(await recordsOf("task.reopened")).toHaveLength(1);
  await world.expectConsistent(id);
});

it("a date and data corrected in two steps are both corrected", async () => {
  await world.correct(id, start, { occurredAt: at("2026-04-02T10:00:00Z") });
  const { snapshot } = await world.correct(id, start, { data: { ...START, course: "second" } });
  expect(standing(snapshot).latest["radiotherapy.started"]).toMatchObject({
    ...{ seq: start, occurredAt: at("2026-04-02T10:00:00Z") },
    data: { course: "second" },
  });
});

it("a verdict that is struck out reopens the review that it closed", async () => {
  const review = (await reviewOf())!;
  const { event } = await world.report(id, "response.assessed", assessment("improved"));
  expect(await reviewOf()).toBeUndefined();
  await world.correct(id, event.seq, { strikeOut: true });
  expect(await reviewOf()).toMatchObject({ id: review.id });
  expect(await recordsOf("task.reopened")).toMatchObject([
    { detail: { taskId: review.id }, because: { kind: "correction", type: "response.assessed" } },
  ]);
  const restored = await world.correct(id, event.seq, { strikeOut: false });
  expect(standing(restored.snapshot).state).toMatchObject({ treatment: { responding: "stable" } });
  await world.expectConsistent(id);
});

it("one that moves its own event to where nothing takes it comes back, naming it", async () => {
  const { event } = await world.report(id, "response.assessed", assessment("stable"));
  const occurredAt = at("2026-03-20T10:00:00Z");
  const problem = problemOf(await world.tryCorrect(id, event.seq, { occurredAt }));
  expect(problem).toMatchObject({ name: "consequences", setAside: [{ seq: event.seq }] });
  const agreed = await world.correct(id, event.seq, { occurredAt, acceptConsequences: true });
  expect(agreed.changes.setAside).toMatchObject([{ seq: event.seq }]);
  await world.expectConsistent(id);
});

it("no event may come to lie before the enrolment, neither by its own date nor by the enrolment's", async () => {
  expect(problemOf(await world.tryCorrect(id, start, { occurredAt: "2026-02-01" }))).toMatchObject({
    name: "before-enrolment",
    offer: { correct: 1, occurredAt: "2026-02-01" },
  });
  const forward = await world.tryCorrect(id, 1, { occurredAt: at("2026-05-01T09:00:00Z"), by: "coordinator" });
  expect(problemOf(forward)).toMatchObject({
    name: "before-enrolment",
    detail: expect.stringContaining(`record ${start}`),
  });
  await world.expectConsistent(id);
});

it("the enrolment is dated back like any event, and never struck out", async () => {
  const back = await world.correct(id, 1, { occurredAt: "2026-01-15", by: "coordinator" });
  expect(standing(back.snapshot).enrolledAt).toBe(at("2026-01-15T00:00:00Z"));
  const struck = await world.tryCorrect(id, 1, { strikeOut: true, by: "coordinator" });
  expect(problemOf(struck)).toMatchObject({
    name: "event-refused",
    offer: { type: "pathway.exited", data: { reason: "enrolledInError" } },
  });
  await world.expectConsistent(id);
});

it("anybody may correct what they may report, and nothing else", async () => {
  const { event } = await world.report(id, "response.assessed", assessment("stable"));
  const attempt = await world.tryCorrect(id, event.seq, { data: assessment("improved"), by: "coordinator" });
  expect(problemOf(attempt).name).toBe("reporter-not-allowed");
  await world.correct(id, event.seq, { data: assessment("improved"), by: "clinician2" });
});

it("whoever reported an event by naming its performer may correct it, and only that", async () => {
  const data = assessment("stable");
  const { event } = await world.report(id, "response.assessed", data, { by: "system", performer: "clinician2" });
  const own = await world.report(id, "pain.scored", { index: 3, redFlags: [] });
  const review = await world.report(id, "response.assessed", assessment("improved"), {
    by: "lead",
    performer: "clinician",
    occurredAt: at("2026-09-01T09:00:00Z"),
  });
  await world.correct(id, event.seq, { data: assessment("improved"), by: "system" });
  for (const [seq, by] of [
    [event.seq, "lead"],
    [event.seq, "coordinator"],
    [review.event.seq, "system"],
  ] as const) {
    expect(problemOf(await world.tryCorrect(id, seq, { data, by })).name).toBe("reporter-not-allowed");
  }
  const auditor = { person: "system", roles: ["auditor"] as const };
  expect(problemOf(await world.tryCorrect(id, event.seq, { data, actor: auditor })).name).toBe("reporter-not-allowed");
  await world.correct(id, own.event.seq, { data: { index: 2, redFlags: [] } });
  await world.expectConsistent(id);
});

it("new data is judged and confirmed like a report's", async () => {
  const faulty = problemOf(await world.tryCorrect(id, start, { data: { ...START, intent: "none" } }));
  expect(faulty).toMatchObject({ name: "invalid-data", errors: [{ pointer: "/data/intent" }] });
  const data = { ...START, volumes: [{ name: "sacrum", plannedDose: { value: 3000, unit: "Gy" } }] };
  expect(problemOf(await world.tryCorrect(id, start, { data })).name).toBe("confirmation-required");
  const { snapshot } = await world.correct(id, start, { data, confirm: true });
  expect(standing(snapshot).latest["radiotherapy.started"]!.data).toEqual(data);
});

describe("what is never asked back, in a document that asks to confirm it", () => {
  let asking: World;
  let patient: string;
  beforeAll(async () => {
    asking = await World.make("2026-09-01T10:00:00Z", ({ events }) => {
      events["pain.scored"]!.confirm = [{ when: "event.data.index > 8", text: "As bad as that?" }];
      events["redFlag.reported"]!.confirm = [{ when: "event.data.signs.size() > 1", text: "Both at once?" }];
    });
    ({ id: patient } = await asking.enrol({ occurredAt: at("2026-03-01T09:00:00Z") }));
  });
  afterAll(() => asking.drop());

  it("an urgent event is corrected as it is reported: at once", async () => {
    const signs = ["newWeakness", "sphincterChange"];
    await asking.report(patient, "redFlag.reported", { signs });
    const { event } = await asking.report(patient, "redFlag.reported", { signs: ["newWeakness"] });
    await asking.correct(patient, event.seq, { data: { signs } });
    await asking.expectConsistent(patient);
  });

  it("and so is one that carries red flags, while any other is asked about", async () => {
    const { event } = await asking.report(patient, "pain.scored", { index: 3, redFlags: [] });
    const quiet = await asking.tryCorrect(patient, event.seq, { data: { index: 9, redFlags: [] } });
    expect(problemOf(quiet)).toMatchObject({
      name: "confirmation-required",
      confirm: [{ pointer: "/confirm", detail: "As bad as that?" }],
    });
    await asking.correct(patient, event.seq, { data: { index: 9, redFlags: ["newWeakness"] } });
    // It was one until now: what it becomes waits for nobody either.
    await asking.correct(patient, event.seq, { data: { index: 10, redFlags: [] } });
    await asking.expectConsistent(patient);
  });
});

it("what is no event cannot be corrected", async () => {
  for (const seq of [2, 999])
    expect(problemOf(await world.tryCorrect(id, seq, { strikeOut: true })).name).toBe("not-found");
});

it("a correction of nothing is refused, and so is one from the future", async () => {
  expect(problemOf(await world.tryCorrect(id, start)).name).toBe("invalid-data");
  expect(problemOf(await world.tryCorrect(id, start, { occurredAt: "2027-01-01" })).name).toBe("invalid-time");
});

it("a dry run shows the changes and records nothing", async () => {
  const before = await world.view(id);
  const dry = await world.correct(id, start, {
    occurredAt: at("2026-08-03T10:00:00Z"),
    dryRun: true,
    idempotency: undefined,
  });
  expect(dry.changes.after.timers).not.toEqual(dry.changes.before.timers);
  expect(await world.view(id)).toEqual(before);
});

it("an exit is struck out, unless the patient is active on the pathway again", async () => {
  const patient = {
    identifiers: [{ system: "mrn", value: "exit" }],
    familyName: "F",
    givenName: "G",
    birthDate: "1950",
  };
  const first = await world.enrol({ patient, occurredAt: at("2026-03-01T09:00:00Z") });
  const exit = await world.report(first.id, "pathway.exited", { reason: "transferred" });
  await world.correct(first.id, exit.event.seq, { strikeOut: true });
  expect(standing(await world.view(first.id)).status).toBe("active");
  expect(keysOf(await world.view(first.id))).toContain("treatment.awaitingRadiotherapy");
  await world.expectConsistent(first.id);
  await world.correct(first.id, exit.event.seq, { strikeOut: false });
  const second = await world.enrol({ patient });
  expect(second.patientId).toBe(first.patientId);
  const attempt = await world.tryCorrect(first.id, exit.event.seq, { strikeOut: true });
  expect(problemOf(attempt).name).toBe("another-active-enrolment");
});

it("what was known at an earlier moment stays as it was", async () => {
  const then = world.clock.now();
  const before = await world.view(id);
  await world.clock.advance(1000);
  await world.correct(id, start, { occurredAt: at("2026-08-03T10:00:00Z") });
  await world.clock.advance(1000);
  expect(await world.view(id, { asOf: then, knownAt: then })).toEqual(before);
  expect((await world.view(id, { asOf: then })).projection).not.toEqual(before.projection);
  expect(standing(await world.view(id, { asOf: "2026-03-31" })).state).toMatchObject({
    treatment: "awaitingRadiotherapy",
  });
  expect(await world.view(id, { asOf: "2026-02-28" })).toMatchObject({
    projection: { status: "notEnrolled" },
    tasks: [],
  });
});

it("a sign recorded after the review was, though it came before, is unseen: the task is reopened (F15)", async () => {
  await world.report(id, "redFlag.reported", { signs: ["newWeakness"] }, { occurredAt: at("2026-09-01T06:00:00Z") });
  const [urgent] = (await world.view(id)).tasks.filter(({ key }) => key === "safety.urgent");
  await world.report(id, "redFlag.reviewed", { outcome: "excluded" }, { occurredAt: at("2026-09-01T08:00:00Z") });
  expect(keysOf(await world.view(id))).not.toContain("safety.urgent");
  const late = await world.report(
    id,
    "redFlag.reported",
    { signs: ["sphincterChange"] },
    { occurredAt: at("2026-09-01T07:00:00Z") },
  );
  expect(late.snapshot.tasks.find(({ key }) => key === "safety.urgent")).toMatchObject({ id: urgent!.id });
  await world.report(id, "redFlag.reviewed", { outcome: "excluded" });
  expect(keysOf(await world.view(id))).not.toContain("safety.urgent");
  await world.expectConsistent(id);
});
