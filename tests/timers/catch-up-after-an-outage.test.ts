import { afterEach, expect, it } from "@jest/globals";
import { TestClock } from "../support/test-clock.js";
import { until } from "../support/until.js";
import { Installation } from "./support/installation.js";

let at: Installation;
afterEach(() => at?.close());

it("what fell due while nothing ran fires at its own due instant, until nothing is overdue", async () => {
  const START = Date.parse("2026-03-02T08:00:00Z");
  let clock!: TestClock;
  at = await Installation.open("postgres", {
    clock: async ({ owner }) => (clock = await TestClock.install(owner, START)),
  });
  const enrolments: string[] = [];
  for (let n = 0; n < 12; n++) enrolments.push(await at.enrol());
  const due = (await at.timer(enrolments[0]!, "review")).dueAt;
  await clock.set(due + 90 * 24 * 3600 * 1_000);
  at.startSweeper({ graceMs: 5_000, batch: 5 });
  await until(async () =>
    (await Promise.all(enrolments.map((id) => at.firings(id, "review")))).every((all) => all.length === 1),
  );
  expect(await at.firings(enrolments[3]!, "review")).toEqual([
    expect.objectContaining({ firedBy: "sweep", dueAt: due }),
  ]);
});

it("a timer within the grace is left to its job", async () => {
  const START = Date.parse("2026-03-02T08:00:00Z");
  let clock!: TestClock;
  at = await Installation.open("postgres", {
    clock: async ({ owner }) => (clock = await TestClock.install(owner, START)),
  });
  const enrolment = await at.enrol();
  await at.report(enrolment, "bell.wound");
  const { dueAt } = await at.timer(enrolment, "soon");
  const sweeper = at.startSweeper({ graceMs: 5_000 });
  await clock.set(dueAt + 4_000);
  expect(await sweeper.sweep()).toBe(0);
  expect(await at.firings(enrolment, "soon")).toEqual([]);
  await clock.set(dueAt + 5_001);
  await until(async () => (await at.firings(enrolment, "soon")).length === 1);
});
