import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { armCrashPoint, verifyChains, type Answer } from "../../src/engine/index.js";
import { sqlOf } from "../../src/platform/statement.js";
import { jobIdOf } from "../../src/timers/timer-jobs.js";
import { until } from "../support/until.js";
import { assembled, secondEngine } from "./support/engine.js";
import { Installation } from "./support/installation.js";

let at: Installation;
let enrolment: string;
beforeEach(async () => {
  at = await Installation.open("redis");
  enrolment = await at.enrol();
  await at.report(enrolment, "bell.wound");
});
afterEach(() => at?.close());

const repair = (): Promise<Answer> => at.engine.execute({ kind: "repair", enrolmentId: enrolment });
const forget = (change: string): Promise<unknown> =>
  at.database.owner.query(`${change} WHERE enrolment_id = $1 AND name = 'soon'`, [enrolment]);

async function history() {
  const { views } = assembled(at.database, at.clock);
  return (await views.history(sqlOf(at.database.app.manager), enrolment, { after: 0, limit: 100 }))!;
}

it("one record tells what was found and what holds now, and the chain holds", async () => {
  const soon = await at.timer(enrolment, "soon");
  const before = await history();
  await forget("UPDATE timer SET due_at = due_at + interval '1 day'");
  expect(await repair()).toMatchObject({ kind: "repaired", differences: [{ kind: "row wrong" }] });
  const after = await history();
  expect(after).toHaveLength(before.length + 1);
  const { dueAt, generation } = soon;
  expect(after.at(-1)).toMatchObject({
    ...{ kind: "timer", type: "timer.repaired", by: null },
    detail: {
      timers: [
        {
          ...{ state: soon.state, name: "soon" },
          found: { status: "pending", dueAt: dueAt + 86_400_000, generation },
          now: { status: "pending", dueAt, generation: generation + 1 },
        },
      ],
    },
  });
  expect(await at.timer(enrolment, "soon")).toMatchObject({ dueAt, generation: generation + 1, status: "pending" });
  expect(await verifyChains(at.database.app, enrolment)).toEqual({ checked: 1, broken: [] });
});

it("nothing is written where nothing is wrong", async () => {
  const before = await history();
  expect(await repair()).toEqual({ kind: "repaired", differences: [] });
  expect(await history()).toEqual(before);
});

it("a row that was lost comes back in a generation that no old bell knows, and fires", async () => {
  for (let n = 0; n < 3; n++) await at.report(enrolment, "bell.wound");
  const lost = await at.timer(enrolment, "soon");
  await forget("DELETE FROM timer");
  await repair();
  const found = await at.timer(enrolment, "soon");
  expect(found).toMatchObject({ dueAt: lost.dueAt, status: "pending" });
  expect(found.generation).toBeGreaterThan(lost.generation);
  at.startWorker();
  await until(async () => (await at.firings(enrolment, "soon")).length > 0, { what: "the repaired timer" });
  await at.report(enrolment, "bell.stopped");
  expect(await at.firings(enrolment, "soon")).toEqual([expect.objectContaining({ firedBy: "job", dueAt: lost.dueAt })]);
});

it("while the state is not what its history folds to, rows are left to a person", async () => {
  await at.database.owner.query(`UPDATE enrolment SET stored = jsonb_set(stored, '{enrolledAt}', '0')`);
  await forget("UPDATE timer SET due_at = due_at + interval '1 day'");
  const before = await history();
  const answer = await repair();
  expect(answer).toMatchObject({ kind: "repaired", differences: [{ kind: "state" }, { kind: "row wrong" }] });
  expect(answer).not.toMatchObject({ differences: [{}, { mend: { kind: "arm" } }] });
  expect(await history()).toEqual(before);
});

it("a command that waited for the doctor's lock arms in a generation above the doctor's", async () => {
  const other = secondEngine(at.database, at.clock);
  other.listen((committed) => at.bells.committed(committed));
  await forget("UPDATE timer SET due_at = due_at + interval '1 day'");
  const { generation } = await at.timer(enrolment, "soon");
  let goOn!: () => void;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  let isHeld = false;
  const disarm = armCrashPoint("engine.beforeCommit", () => {
    disarm();
    isHeld = true;
    return held;
  });
  const repaired = repair();
  await until(() => isHeld, { what: "the doctor before its commit" });
  const idempotency = { route: "test", key: "late", request: "{}" };
  const event = { type: "bell.wound", data: {} };
  const reported = other.execute({ kind: "report", actor: at.actor, idempotency, enrolmentId: enrolment, event });
  await until(
    async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return (await at.database.owner.query<unknown[]>(waiting)).length > 0;
    },
    { what: "a command that waits for the lock" },
  );
  goOn();
  expect((await repaired).kind).toBe("repaired");
  expect((await reported).kind).toBe("reported");
  const soon = await at.timer(enrolment, "soon");
  expect(soon).toMatchObject({ status: "pending", generation: generation + 2 });
  await at.bells.settle();
  const jobs = (await at.jobIds()).filter((id) => id.startsWith(soon.id));
  expect(jobs).toEqual([jobIdOf({ timerId: soon.id, generation: soon.generation })]);
});
