import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { assessment, at, keysOf, START, standing, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

it("a whole story: late start, overdue review, verdict, side effect up to a block, correction, exit", async () => {
  const enrolled = await world.enrol({ occurredAt: at("2026-03-01T09:00:00Z") });
  const { id } = enrolled;
  expect(keysOf(enrolled)).toContain("treatment.awaitingRadiotherapy");
  expect(enrolled.seq).toBeGreaterThan(2);

  const started = await world.report(id, "radiotherapy.started", START, { occurredAt: at("2026-04-01T10:00:00Z") });
  expect(started.outcome).toBe("accepted");
  expect(started.takenBy).toEqual(["treatment"]);
  const review = started.snapshot.tasks.find(({ key }) => key === "treatment.responseReview")!;
  expect(review.openedAt).toBe(at("2026-08-03T08:00:00Z"));
  expect(review.dueAt).toBeLessThan(world.clock.now());
  await world.expectConsistent(id);

  await world.clock.advance(60_000);
  const assessed = await world.report(id, "response.assessed", assessment("improved"));
  expect(standing(assessed.snapshot).state).toMatchObject({ treatment: { responding: "stable" } });
  expect(keysOf(assessed.snapshot)).not.toContain("treatment.responseReview");

  await world.clock.advance(60_000);
  await world.report(id, "sideEffect.reported", { kind: "causalgia", pain: 5, redFlags: [] });
  await world.report(id, "modality.started", { class: "oral", name: "gabapentin", drugClass: "antiepileptic" });
  await world.report(id, "sideEffect.reassessed", { control: "uncontrolled", pain: 5, redFlags: [] });
  const accepted = await world.report(id, "escalation.accepted", { rung: "block" });
  expect(keysOf(accepted.snapshot)).toContain("sideEffects.blockPlanned");
  await world.expectConsistent(id);

  await world.clock.advance(60_000);
  const before = (await world.view(id)).seq;
  const corrected = await world.correct(id, started.event.seq, { occurredAt: at("2026-05-04T10:00:00Z") });
  expect(corrected.snapshot.seq).toBeGreaterThan(before);
  await world.expectConsistent(id);

  await world.clock.advance(60_000);
  const exited = await world.report(id, "pathway.exited", { reason: "completed" });
  expect(standing(exited.snapshot)).toMatchObject({ status: "exited", exitReason: "completed", tasks: [], timers: [] });
  await world.expectConsistent(id);
  const rows = await world.database.app.query(`SELECT status FROM task WHERE enrolment_id = $1 AND status = 'open'`, [
    id,
  ]);
  expect(rows).toEqual([]);

  const history = await world.history(id);
  expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
  expect(history[0]).toMatchObject({ kind: "event", type: "pathway.enrolled", effective: "counts", by: "coordinator" });
  expect(history[1]).toMatchObject({ kind: "pin" });
  const fired = history.find(({ type }) => type === "timer.fired")!;
  expect(fired.detail).toMatchObject({ name: "painCheck", firedBy: "event" });
  expect(history.find(({ type }) => type === "task.closed")).toMatchObject({ because: { kind: "event" } });
});
