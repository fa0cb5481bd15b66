import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { assessment, at, MARKER, problemOf, standing, START, World } from "./engine-world.js";

let world: World;
let id: string;
beforeAll(async () => void (world = await World.make("2026-06-01T10:00:00Z")));
afterAll(() => world.drop());
beforeEach(async () => void ({ id } = await world.enrol({ occurredAt: at("2026-05-01T09:00:00Z") })));

/** A refusal leaves one record of itself and changes nothing else. */
async function expectRefused(
  attempt: () => ReturnType<World["tryReport"]>,
  name: string,
): Promise<ReturnType<typeof problemOf>> {
  const before = await world.view(id);
  const problem = problemOf(await attempt());
  expect(problem.name).toBe(name);
  const after = await world.view(id);
  expect(after).toEqual({ ...before, seq: before.seq + 1 });
  const record = (await world.history(id)).at(-1)!;
  expect(record).toMatchObject({ kind: "refusal", data: { problem: name }, stateBefore: null, stateAfter: null });
  await world.expectConsistent(id);
  return problem;
}

/** A question leaves no record at all. */
async function expectAsked(
  attempt: () => ReturnType<World["tryReport"]>,
  name: string,
): Promise<ReturnType<typeof problemOf>> {
  const before = await world.view(id);
  const problem = problemOf(await attempt());
  expect(problem.name).toBe(name);
  expect(await world.view(id)).toEqual(before);
  return problem;
}

describe("refused, with a record of the refusal and nothing else", () => {
  it("an unknown type, which is not repeated in the clear", async () => {
    const problem = await expectRefused(() => world.tryReport(id, MARKER), "invalid-data");
    expect(problem["errors"]).toMatchObject([{ pointer: "/type" }]);
    expect((await world.history(id)).at(-1)).toMatchObject({ type: "unknown", data: { body: { type: MARKER } } });
  });

  it("data that breaks its schema, each fault with its pointer and no value", async () => {
    const data = { ...START, intent: MARKER, extra: 1 };
    const problem = await expectRefused(() => world.tryReport(id, "radiotherapy.started", data), "invalid-data");
    const pointers = (problem["errors"] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual(["/data/extra", "/data/intent"]);
    expect(JSON.stringify(problem)).not.toContain(MARKER);
  });

  it("a reporter without the role", async () => {
    const problem = await expectRefused(
      () => world.tryReport(id, "response.assessed", assessment("stable"), { by: "coordinator" }),
      "reporter-not-allowed",
    );
    expect(problem["reporters"]).toEqual(["clinician"]);
  });

  it("a performer whom nobody knows, or without the role", async () => {
    const report = (performer: string) => () =>
      world.tryReport(id, "response.assessed", assessment("stable"), { by: "coordinator", performer });
    expect((await expectRefused(report("nobody"), "invalid-data"))["errors"]).toMatchObject([
      { pointer: "/performer" },
    ]);
    await expectRefused(report("lead"), "reporter-not-allowed");
  });

  it("a time in the future", async () => {
    const occurredAt = world.clock.now() + 6 * 60_000;
    await expectRefused(() => world.tryReport(id, "therapy.referred", {}, { occurredAt }), "invalid-time");
    await expectRefused(
      () => world.tryReport(id, "therapy.referred", {}, { occurredAt: "2026-06-02" }),
      "invalid-time",
    );
  });

  it("a day that there is not", async () => {
    await expectRefused(
      () => world.tryReport(id, "therapy.referred", {}, { occurredAt: "2026-02-30" }),
      "invalid-time",
    );
  });

  it("a time before birth, counted from the first day that the birth date can mean", async () => {
    await expectRefused(
      () => world.tryReport(id, "therapy.referred", {}, { occurredAt: "1950-04-30" }),
      "invalid-time",
    );
    await expectRefused(
      () => world.tryReport(id, "therapy.referred", {}, { occurredAt: "1950-05-01" }),
      "before-enrolment",
    );
  });

  it("a time before the enrolment, with an offer to date the enrolment back", async () => {
    const occurredAt = at("2026-04-01T09:00:00Z");
    const problem = await expectRefused(
      () => world.tryReport(id, "radiotherapy.started", START, { occurredAt }),
      "before-enrolment",
    );
    expect(problem["offer"]).toEqual({ correct: 1, occurredAt: "2026-04-01T09:00:00.000Z" });
    await world.correct(id, 1, { occurredAt, by: "coordinator" });
    const { outcome } = await world.report(id, "radiotherapy.started", START, { occurredAt });
    expect(outcome).toBe("accepted");
    await world.expectConsistent(id);
  });

  it("what no active state takes, with what would be accepted", async () => {
    const problem = await expectRefused(
      () => world.tryReport(id, "relapse.excluded", { pain: 0, redFlags: [] }),
      "event-refused",
    );
    expect(problem["acceptedEvents"]).toContain("radiotherapy.started");
    expect(problem["acceptedEvents"]).not.toContain("relapse.excluded");
  });

  it("the same start typed twice, with what the document says about it", async () => {
    await world.report(id, "radiotherapy.started", START);
    const again = () => world.tryReport(id, "radiotherapy.started", START);
    expect((await expectRefused(again, "event-refused")).detail).toContain(
      "correct the first, or mark this one as re-irradiation",
    );
  });

  it("an enrolment reported as an event", async () => {
    await expectRefused(
      () => world.tryReport(id, "pathway.enrolled", {}, { keepAside: true, reason: "x" }),
      "event-refused",
    );
  });

  it("what the document demands, at its field", async () => {
    const opioid = { class: "oral", name: "morphine", drugClass: "opioid" };
    const problem = await expectRefused(() => world.tryReport(id, "modality.started", opioid), "invalid-data");
    expect(problem["errors"]).toMatchObject([{ pointer: "/data/reason" }]);
    const { event } = await world.report(id, "modality.started", { ...opioid, reason: `${MARKER} refractory` });
    expect(event.data["reason"]).toBe(`${MARKER} refractory`);
  });

  it("anything after the exit; with red flags the answer says that nobody watches", async () => {
    await world.report(id, "pathway.exited", { reason: "transferred" });
    await world.clock.advance(1000);
    const quiet = await expectRefused(() => world.tryReport(id, "therapy.referred"), "exited");
    expect(quiet.detail).not.toContain("Nobody watches");
    const flagged = { index: 8, redFlags: ["newWeakness"] };
    const urgent = await expectRefused(() => world.tryReport(id, "pain.scored", flagged), "exited");
    expect(urgent.detail).toContain("Nobody watches here any more");
    const late = await world.report(id, "therapy.referred", {}, { occurredAt: at("2026-05-20T09:00:00Z") });
    expect(late.outcome).toBe("accepted");
    expect(standing(late.snapshot)).toMatchObject({ status: "exited", tasks: [], timers: [] });
  });
});

describe("asked back, without a record", () => {
  it("an implausible dose, until it is confirmed", async () => {
    const data = { ...START, volumes: [{ name: "sacrum", plannedDose: { value: 30, unit: "cGy" } }] };
    const problem = await expectAsked(() => world.tryReport(id, "radiotherapy.started", data), "confirmation-required");
    expect(problem["confirm"]).toMatchObject([{ pointer: "/confirm" }]);
    const { event } = await world.report(id, "radiotherapy.started", data, { confirm: true });
    expect(event.data).toEqual(data);
  });

  it("later events that would no longer fit, until it is agreed with a reason", async () => {
    const started = await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-05-10T09:00:00Z") });
    const earlier = { ...START, course: "other" };
    const again = { occurredAt: at("2026-05-05T09:00:00Z") };
    const attempt = () => world.tryReport(id, "radiotherapy.started", earlier, again);
    const problem = await expectAsked(attempt, "consequences");
    expect(problem["setAside"]).toEqual([
      { seq: started.event.seq, type: "radiotherapy.started", occurredAt: "2026-05-10T09:00:00.000Z" },
    ]);
    expect(problem["changes"]).toMatchObject({ before: {}, after: {}, setAside: [{ seq: started.event.seq }] });
    const accepting = { ...again, acceptConsequences: true };
    const without = problemOf(await world.tryReport(id, "radiotherapy.started", earlier, accepting));
    expect(without["errors"]).toMatchObject([{ pointer: "/reason" }]);
    const accepted = await world.report(id, "radiotherapy.started", earlier, {
      ...accepting,
      reason: "The first is right",
    });
    expect(accepted.setAside).toHaveLength(1);
    expect(standing(accepted.snapshot).flags).toContainEqual(expect.objectContaining({ name: "setAside" }));
    const history = await world.history(id);
    expect(history.find(({ seq }) => seq === started.event.seq)).toMatchObject({ effective: "setAside" });
    expect(history.find(({ seq }) => seq === accepted.event.seq)).toMatchObject({ reason: "The first is right" });
    await world.expectConsistent(id);
    const back = await world.correct(id, accepted.event.seq, { strikeOut: true, acceptConsequences: true });
    expect(standing(back.snapshot).setAside).toEqual([]);
    await world.expectConsistent(id);
  });

  it("a stale ifSeq", async () => {
    const { seq } = await world.view(id);
    await expectAsked(() => world.tryReport(id, "therapy.referred", {}, { ifSeq: seq - 1 }), "stale");
    expect((await world.report(id, "therapy.referred", {}, { ifSeq: seq })).outcome).toBe("accepted");
  });

  it("a source seen before, naming the event it made", async () => {
    const source = { system: "his", id: "42" };
    const { event } = await world.report(id, "therapy.referred", {}, { source, by: "system" });
    const problem = await expectAsked(
      () => world.tryReport(id, "therapy.referred", {}, { source, by: "system" }),
      "duplicate-source",
    );
    expect(problem["seq"]).toBe(event.seq);
  });
});

describe("never asked back", () => {
  it("an exit dated back sets aside what came after it", async () => {
    const { event } = await world.report(id, "therapy.referred", {}, { occurredAt: at("2026-05-20T09:00:00Z") });
    const exited = await world.report(id, "pathway.exited", { reason: "died" }, { occurredAt: "2026-05-19" });
    expect(exited.setAside).toEqual([
      { seq: event.seq, type: "therapy.referred", occurredAt: at("2026-05-20T09:00:00Z") },
    ]);
    expect(standing(exited.snapshot)).toMatchObject({ status: "exited", tasks: [], timers: [] });
    await world.expectConsistent(id);
  });
});

it("an event that nothing takes is kept aside with a reason, and comes back when it fits", async () => {
  const data = { pain: 1, redFlags: [] };
  const kept = await world.report(id, "relapse.excluded", data, {
    occurredAt: at("2026-05-20T09:00:00Z"),
    keepAside: true,
    reason: "Out of order",
  });
  expect(kept).toMatchObject({ outcome: "setAside", takenBy: [] });
  expect(standing(kept.snapshot).setAside).toMatchObject([{ seq: kept.event.seq }]);
  await world.expectConsistent(id);
  await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-05-05T09:00:00Z") });
  const { snapshot } = await world.report(id, "response.assessed", assessment("improved"), {
    occurredAt: at("2026-05-10T09:00:00Z"),
  });
  expect(standing(snapshot).setAside).toEqual([]);
  await world.expectConsistent(id);
});

it("a clock a little ahead is taken as now", async () => {
  const { event } = await world.report(id, "therapy.referred", {}, { occurredAt: world.clock.now() + 4 * 60_000 });
  expect(event.occurredAt).toBe(world.clock.now());
});

it("a clinician's event is taken from a machine that names the clinician, who then counts as the one who did it", async () => {
  await world.report(id, "radiotherapy.started", START);
  const { event } = await world.report(id, "response.assessed", assessment("worse"), {
    by: "system",
    performer: "clinician2",
  });
  expect(event).toMatchObject({ by: "system", performer: "clinician2" });
});

it("a dry run shows what would change and records nothing, not even a refusal", async () => {
  const before = await world.view(id);
  const dry = await world.report(id, "radiotherapy.started", START, { dryRun: true, idempotency: undefined });
  expect(dry.changes!.before.state).toMatchObject({ treatment: "awaitingRadiotherapy" });
  expect(dry.changes!.after.timers).toContainEqual(expect.objectContaining({ name: "responseReview" }));
  expect(standing(dry.snapshot).state).toMatchObject({ treatment: "awaitingResponse" });
  problemOf(await world.tryReport(id, "radiotherapy.started", {}, { dryRun: true, idempotency: undefined }));
  expect(await world.view(id)).toEqual(before);
});

it("what is refused while a timer is due fires nothing, and the next command catches up", async () => {
  await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-05-05T09:00:00Z") });
  const now = world.clock.now();
  await world.clock.set("2026-10-01T10:00:00Z");
  await expectRefused(() => world.tryReport(id, MARKER), "invalid-data");
  expect((await world.history(id)).filter(({ detail }) => detail?.["name"] === "responseReview")).toEqual([]);
  expect(await world.wake(id)).toBeGreaterThan(0);
  await world.expectConsistent(id);
  await world.clock.set(new Date(now).toISOString());
});

it("a field that nobody declared is named in the answer and nowhere else, however often it is sent", async () => {
  const data = { index: 3, redFlags: [], [`Herr ${MARKER} Tel 030`]: 1, "0301234567": 1 };
  const event = { type: "pain.scored", data };
  const { event: scored } = await world.report(id, event.type, { index: 3, redFlags: [] });
  const attempts = [
    { command: world.reportCommand(id, event.type, data), at: "/data" },
    { command: world.correctCommand(id, scored.seq, { data }), at: "/data" },
    { command: world.enrolCommand({ events: [event] }), at: "/events/0/data" },
  ];
  for (const { command, at: pointer } of attempts) {
    const problem = problemOf(await world.one(command));
    const pointers = (problem["errors"] as { pointer: string }[]).map((error) => error.pointer);
    expect(pointers.sort()).toEqual([`${pointer}/0301234567`, `${pointer}/Herr ${MARKER} Tel 030`]);
    expect(problemOf(await world.one(command))).toEqual(problem);
    const [row] = await world.database.owner.query(`SELECT problem FROM idempotency_key WHERE key = $1`, [
      command.idempotency!.key,
    ]);
    expect(row.problem.errors).toMatchObject([{ pointer }, { pointer }]);
  }
  expect((await world.history(id)).at(-1)).toMatchObject({ kind: "refusal", data: { pointers: ["/data", "/data"] } });
});

it("nothing personal stands in the clear, in no column and in no answer to a refusal", async () => {
  await world.report(
    id,
    "sideEffect.reported",
    { kind: "other", verbatim: `${MARKER} v`, pain: 1, redFlags: [] },
    { note: `${MARKER} n` },
  );
  const named = { index: 3, redFlags: [], [`Herr ${MARKER} Tel 030`]: 1 };
  await world.tryReport(id, "sideEffect.reported", { kind: MARKER, [MARKER]: 1 }, { note: `${MARKER} refused` });
  await world.tryReport(id, "pain.scored", named);
  await world.tryCorrect(id, (await world.view(id)).seq, { data: named });
  await world.one(world.enrolCommand({ events: [{ type: "pain.scored", data: named }] }));
  const seen = await world.history(id);
  expect(seen.find(({ type }) => type === "sideEffect.reported")).toMatchObject({
    note: `${MARKER} n`,
    data: { verbatim: `${MARKER} v` },
  });
  expect(standing(await world.view(id)).latest["sideEffect.reported"]!.data["verbatim"]).toBe(`${MARKER} v`);
  for (const table of ["enrolment", "record", "task", "timer", "idempotency_key", "patient"]) {
    const rows = await world.database.owner.query(
      `SELECT t::text AS row FROM ${table} t WHERE t::text ILIKE '%${MARKER}%'`,
    );
    expect([table, rows]).toEqual([table, []]);
  }
});
