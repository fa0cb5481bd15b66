import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Examiner } from "../../src/timers/doctor/examine.js";
import { Doctor, type Diagnosis } from "../../src/timers/doctor/doctor.js";
import { jobIdOf, jobOf } from "../../src/timers/timer-jobs.js";
import { until } from "../support/until.js";
import { assembled } from "./support/engine.js";
import { BACKENDS, Installation } from "./support/installation.js";

describe.each(BACKENDS)("the doctor of an installation with BullMQ on %s", (backend) => {
  let at: Installation;
  let enrolment: string;
  let jobId: string;

  beforeEach(async () => {
    at = await Installation.open(backend);
    enrolment = await at.enrol();
    const { id, generation } = await at.timer(enrolment, "review");
    jobId = jobIdOf({ timerId: id, generation });
    await until(async () => (await at.jobIds()).includes(jobId), { what: "the job of the review" });
  });
  afterEach(() => at?.close());

  async function examine(repair: boolean): Promise<Diagnosis & { sentences: string[] }> {
    const sentences: string[] = [];
    const { loader, rulebook } = assembled(at.database, at.clock, 0);
    const examiner = new Examiner(loader, rulebook);
    const doctor = new Doctor(at.reads, examiner, at.engine, at.queue, at.bells, at.clock, {
      repair,
      horizonMs: null,
      secondLookMs: 200,
      onDifference: ({ sentence }) => sentences.push(sentence),
    });
    return { ...(await doctor.run()), sentences };
  }

  /** Found, mended, and found no more. */
  async function expectMended(...sentences: RegExp[]): Promise<void> {
    const expected = sentences.map((sentence): unknown => expect.stringMatching(sentence));
    expect(await examine(false)).toMatchObject({ differences: sentences.length, repaired: 0, sentences: expected });
    const mended = await examine(true);
    expect(mended.repaired).toBe(mended.differences);
    expect(await examine(false)).toMatchObject({ differences: 0 });
    const review = await at.timer(enrolment, "review");
    expect(await at.jobIds()).toEqual([jobIdOf({ timerId: review.id, generation: review.generation })]);
  }

  it("finds nothing where nothing is wrong", async () => {
    await at.report(enrolment, "bell.wound");
    await at.report(enrolment, "bell.stopped");
    await at.report(enrolment, "pathway.paused");
    expect(await examine(false)).toMatchObject({ enrolments: 1, timers: 0, differences: 0 });
    await at.report(enrolment, "pathway.resumed");
    expect(await examine(false)).toMatchObject({ enrolments: 1, timers: 1, differences: 0 });
  });

  it("a row that was deleted", async () => {
    await at.database.owner.query("DELETE FROM timer");
    await expectMended(/review.* has no row\.$/, /job .* rings for no pending timer\.$/);
  });

  it("a row whose due instant was changed", async () => {
    const { dueAt } = await at.timer(enrolment, "review");
    await at.database.owner.query("UPDATE timer SET due_at = due_at + interval '1 day'");
    await expectMended(/review.* has a row due 20/);
    expect((await at.timer(enrolment, "review")).dueAt).toBe(dueAt);
  });

  it("a row that was cancelled", async () => {
    await at.database.owner.query("UPDATE timer SET status = 'cancelled'");
    await expectMended(/review.* has a row that is cancelled\.$/, /rings for no pending timer/);
  });

  it("a row of a timer that is not armed", async () => {
    await at.database.owner.query(
      `INSERT INTO timer SELECT enrolment_id, 'bell.ticking', 'soon', gen_random_uuid(), started_at, due_at, 'pending', 1, armed_at FROM timer`,
    );
    await expectMended(/bell\.ticking\/soon has a row that is pending, and is not armed\.$/, /soon.* has no job/);
    expect(await at.timer(enrolment, "soon")).toMatchObject({ status: "cancelled" });
  });

  it("a job that was removed", async () => {
    await at.queue.remove(jobId);
    await expectMended(/ticking\/review.* has no job/);
  });

  it("a job that rings late", async () => {
    const { id, generation, dueAt } = await at.timer(enrolment, "review");
    await at.queue.remove(jobId);
    const arming = { kind: "arm", enrolmentId: enrolment, timerId: id, generation, name: "ticking/review" } as const;
    await at.queue.addBulk([jobOf({ ...arming, dueAt: dueAt + 60_000 }, Date.now())]);
    await expectMended(/ticking\/review.* has a job that rings at /);
  });

  it("a job too many", async () => {
    const { id, generation } = await at.timer(enrolment, "review");
    const arming = {
      kind: "arm",
      enrolmentId: enrolment,
      timerId: id,
      name: "ticking/review",
      dueAt: Date.now() + 9e6,
    } as const;
    await at.queue.addBulk([jobOf({ ...arming, generation: generation + 1 }, Date.now())]);
    await expectMended(/job .* \(ticking\/review\) rings for no pending timer\.$/);
  });

  it("an emptied queue", async () => {
    await at.queue.obliterate({ force: true });
    await at.queue.resume();
    await expectMended(/has no job/);
  });

  it("tells of a stored state that is not what its history folds to, and leaves it to a person", async () => {
    await at.database.owner.query(`UPDATE enrolment SET stored = jsonb_set(stored, '{enrolledAt}', '0')`);
    expect(await examine(true)).toMatchObject({ differences: 1, repaired: 0 });
  });
});
