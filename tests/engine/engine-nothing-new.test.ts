import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { Correct } from "../../src/engine/model/commands.js";
import { assessment, at, done, problemOf, START, World } from "./engine-world.js";

let world: World;
let id: string;
let start: number;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());
beforeEach(async () => {
  ({ id } = await world.enrol({ occurredAt: at("2026-03-01T09:00:00Z") }));
  ({ seq: start } = (await world.report(id, "radiotherapy.started", START, { occurredAt: "2026-04-01" })).event);
});

/** Nothing is on record of it, and nothing differs. */
async function expectNothing(seq: number, more: Partial<Correct> & { by?: string }): Promise<void> {
  const before = await world.history(id);
  const { isNew, changes } = await world.correct(id, seq, more);
  expect(isNew).toBe(false);
  expect(changes).toEqual({ before: changes.before, after: changes.before, setAside: [] });
  expect(await world.history(id)).toEqual(before);
}

async function expectRecord(seq: number, more: Partial<Correct>): Promise<void> {
  expect((await world.correct(id, seq, more)).isNew).toBe(true);
  expect((await world.history(id)).map(({ kind }) => kind)).toContain("correction");
}

it("the same date, the same data in any order and the same standing say nothing new", async () => {
  const { volumes, ...others } = START;
  await expectNothing(start, { occurredAt: "2026-04-01" });
  await expectNothing(start, { data: { volumes: volumes!, ...others } });
  await expectNothing(start, { strikeOut: false });
  await expectNothing(start, { occurredAt: "2026-04-01", data: START, strikeOut: false, dryRun: true });
  await expectNothing(1, { occurredAt: at("2026-03-01T09:00:00Z"), by: "coordinator" });
});

it("one field that differs makes a record of all, and a bare date is another time than an instant", async () => {
  await expectRecord(start, { occurredAt: "2026-04-02", data: START });
  await expectRecord(start, { occurredAt: at("2026-04-01T23:00:00Z") });
});

it("compared is what holds after all corrections", async () => {
  await expectRecord(start, { occurredAt: "2026-04-02" });
  await expectRecord(start, { data: { ...START, course: "second" } });
  await expectNothing(start, { occurredAt: "2026-04-02", data: { ...START, course: "second" } });
  await expectRecord(start, { occurredAt: "2026-04-01", data: START });
  await expectRecord(start, { strikeOut: true });
  await expectNothing(start, { strikeOut: true, data: START });
  await expectRecord(start, { strikeOut: false });
  await expectNothing(start, { data: START });
});

it("free text, which is sealed, is compared as it reads", async () => {
  const said = (verbatim: string) => ({ kind: "causalgia", verbatim, pain: 6, redFlags: [] });
  const { event } = await world.report(id, "sideEffect.reported", said("It hurts at night"));
  await expectNothing(event.seq, { data: said("It hurts at night") });
  await expectRecord(event.seq, { data: said("It hurts by day") });
  await expectNothing(event.seq, { data: said("It hurts by day") });
});

it("nothing is asked about it, and it is refused where any correction would be", async () => {
  const { id: old } = await world.enrol({ occurredAt: "2016-03-01", confirm: true });
  expect((await world.correct(old, 1, { occurredAt: "2016-03-01", by: "coordinator" })).isNew).toBe(false);
  const { event } = await world.report(id, "response.assessed", assessment("stable"));
  const unallowed = await world.tryCorrect(id, event.seq, { strikeOut: false, by: "coordinator" });
  expect(problemOf(unallowed).name).toBe("reporter-not-allowed");
  expect(problemOf(await world.tryCorrect(id, start, { strikeOut: false, reason: " " })).name).toBe("invalid-data");
});

it("its key is answered alike for ever, also after what it says was changed", async () => {
  const command = world.correctCommand(id, start, { data: START });
  const told = async (): Promise<unknown> => {
    return JSON.parse(JSON.stringify(done("corrected", await world.one(command))));
  };
  const first = await told();
  await world.clock.advance(1000);
  await world.correct(id, start, { occurredAt: "2026-08-03" });
  expect(await told()).toEqual(first);
  await world.expectConsistent(id);
});
