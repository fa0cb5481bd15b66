import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Temporal } from "temporal-polyfill";
import { assembleEngine } from "../../src/engine/assemble.js";
import { at, done, problemOf, standing, START, World } from "./engine-world.js";

let world: World;
let id: string;
beforeAll(async () => {
  world = await World.make("2026-09-01T10:00:00Z");
  ({ id } = await world.enrol({ occurredAt: at("2016-01-04T09:00:00Z"), confirm: true }));
});
afterAll(() => world.drop());

const HYPERDOSE = { ...START, volumes: [{ name: "sacrum", plannedDose: { value: 3000, unit: "Gy" } }] };

/** Asked about these fields, and nothing is on record of it. */
async function expectAsked(...[ask, ...pointers]: [() => ReturnType<World["one"]>, ...string[]]) {
  const before = (await world.history(id)).length;
  const problem = problemOf(await ask());
  expect(problem.name).toBe("confirmation-required");
  const confirm = problem["confirm"] as { pointer: string; detail: string }[];
  expect(confirm.map(({ pointer }) => pointer)).toEqual(pointers);
  for (const { detail } of confirm) expect(problem.detail).toContain(detail);
  expect(await world.history(id)).toHaveLength(before);
  return problem;
}

describe("A time of more than a year ago", () => {
  it.each([
    ["a bare date", "2016-08-31"],
    ["an instant", at("2016-08-31T10:00:00Z")],
    ["a bare date of a year and a day ago", "2025-08-31"],
    ["an instant of a year and a millisecond ago", at("2025-09-01T09:59:59.999Z")],
  ])("is asked about: %s", async (_, occurredAt) => {
    const { detail } = await expectAsked(
      () => world.tryReport(id, "radiotherapy.started", START, { occurredAt, dryRun: true, idempotency: undefined }),
      "/confirm",
    );
    expect(detail).toMatch(/Radiotherapy started: \d{4}-\S+ lies far back \(today is 2026-09-01\)/);
  });

  it.each([
    ["a bare date", "2025-09-01"],
    ["an instant", at("2025-09-01T10:00:00Z")],
  ])("a year ago it is not: %s", async (_, occurredAt) => {
    await world.report(id, "pain.scored", { index: 2, redFlags: [] }, { occurredAt });
  });

  it("is taken when it is confirmed; asked at once with what the document asks", async () => {
    const { id } = await world.enrol({ occurredAt: "2016-01-04", confirm: true });
    const occurredAt = "2016-06-01";
    const ask = () => world.tryReport(id, "radiotherapy.started", HYPERDOSE, { occurredAt });
    expect(problemOf(await ask())["confirm"]).toHaveLength(2);
    const { snapshot } = await world.report(id, "radiotherapy.started", HYPERDOSE, { occurredAt, confirm: true });
    expect(standing(snapshot).latest["radiotherapy.started"]!.occurredAt).toBe(at("2016-05-31T23:00:00Z"));
    await world.expectConsistent(id);
  });

  it("never holds up a red flag, an urgent event or an exit", async () => {
    const { id } = await world.enrol({ occurredAt: "2016-01-04", confirm: true });
    await world.report(id, "pain.scored", { index: 2, redFlags: ["newWeakness"] }, { occurredAt: "2016-02-01" });
    await world.report(id, "redFlag.reported", { signs: ["newWeakness"] }, { occurredAt: "2016-02-02" });
    await world.report(id, "pathway.exited", { reason: "died" }, { occurredAt: "2016-02-03" });
    await world.expectConsistent(id);
  });

  it("is asked about where a date is corrected, and not where data is", async () => {
    const { id } = await world.enrol({ occurredAt: "2026-03-02" });
    const { event } = await world.report(id, "radiotherapy.started", START, { occurredAt: "2026-03-03" });
    const back = () => world.tryCorrect(id, 1, { occurredAt: "2016-03-02", by: "coordinator" });
    expect(problemOf(await back())).toMatchObject({
      name: "confirmation-required",
      detail: expect.stringContaining("2016-03-02"),
    });
    await world.correct(id, 1, { occurredAt: "2016-03-02", by: "coordinator", confirm: true });
    const mistyped = { occurredAt: "2016-03-03", data: HYPERDOSE };
    expect(problemOf(await world.tryCorrect(id, event.seq, mistyped))["confirm"]).toHaveLength(2);
    await world.correct(id, event.seq, { occurredAt: "2016-03-03", confirm: true });
    await world.correct(id, event.seq, { data: { ...START, course: "second" } });
    const exit = await world.report(id, "pathway.exited", { reason: "died" });
    await world.correct(id, exit.event.seq, { occurredAt: "2016-04-01" });
    await world.expectConsistent(id);
  });

  it("that stands as it stood is not asked about again", async () => {
    const { id } = await world.enrol({ occurredAt: "2016-01-04", confirm: true });
    const { event } = await world.report(id, "radiotherapy.started", START, {
      occurredAt: "2016-06-01",
      confirm: true,
    });
    const repeated = { occurredAt: "2016-06-01", data: { ...START, course: "second" } };
    await world.correct(id, event.seq, repeated);
    const moved = await world.tryCorrect(id, event.seq, { ...repeated, occurredAt: "2016-06-02" });
    expect(problemOf(moved)).toMatchObject({ name: "confirmation-required", confirm: [{ pointer: "/confirm" }] });
    await world.correct(id, event.seq, { ...repeated, occurredAt: "2016-06-02", confirm: true });
    await world.correct(id, event.seq, { occurredAt: "2016-06-02", data: START });
    await world.expectConsistent(id);
  });

  it("is not asked about in an enrolment of the day of a red flag or an exit", async () => {
    const flagged = { type: "redFlag.reported", data: { signs: ["newWeakness"] }, occurredAt: "2016-02-03" };
    await world.enrol({ occurredAt: "2016-02-03", events: [flagged] });
    const instant = at("2016-02-03T09:00:00Z");
    await world.enrol({ occurredAt: instant, events: [{ ...flagged, occurredAt: instant + 1 }] });
    const events = [{ ...flagged, occurredAt: "2016-02-04" }];
    await expectAsked(() => world.one(world.enrolCommand({ occurredAt: "2016-02-03", events })), "/confirm");
  });

  it("is asked about in an enrolment: of itself and of each event, all at once", async () => {
    const flagged = { type: "pain.scored", occurredAt: "2016-02-03", data: { index: 2, redFlags: ["newWeakness"] } };
    const started = { type: "radiotherapy.started", occurredAt: "2016-02-02", data: HYPERDOSE };
    const events = [flagged, started];
    const asked = (more: object) => () => world.one(world.enrolCommand({ events, ...more }));
    const all = ["/confirm", "/events/1/confirm", "/events/1/confirm"] as const;
    await expectAsked(asked({ occurredAt: "2016-02-01" }), ...all);
    await expectAsked(asked({ occurredAt: "2016-02-01", confirm: true }), all[1], all[2]);
    // One that dates itself has no date of its own to be asked about.
    await expectAsked(asked({}), all[1], all[2]);
    const { projection } = await world.enrol({ events: [flagged, { ...started, confirm: true }] });
    expect(projection).toMatchObject({ enrolledAt: at("2016-02-02T00:00:00Z") });
  });

  it("is counted by the setting", async () => {
    const { engine } = assembleEngine({ ...world.ground, confirmOlderThan: Temporal.Duration.from("P6M") });
    const ask = (occurredAt: string) => engine.execute(world.enrolCommand({ occurredAt }));
    expect(problemOf(await ask("2026-02-28")).name).toBe("confirmation-required");
    done("enrolled", await ask("2026-03-01"));
  });
});
