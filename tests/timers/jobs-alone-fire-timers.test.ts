import { fork } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "@jest/globals";
import { fromRun } from "../support/environment-of-run.js";
import { until } from "../support/until.js";
import { jobIdOf, jobOf } from "../../src/timers/timer-jobs.js";
import { assembled } from "./support/engine.js";
import { BACKENDS, Installation, type InstallationOptions } from "./support/installation.js";

const DAY_MS = 24 * 60 * 60 * 1_000;

describe.each(BACKENDS)("with BullMQ on %s and no sweeper", (backend) => {
  let at: Installation;
  const open = async (options?: InstallationOptions): Promise<void> => {
    at = await Installation.open(backend, options);
  };
  afterEach(() => at?.close());

  const armed = async (enrolment: string, name: string): Promise<string> => {
    const { id, generation } = await at.timer(enrolment, name);
    return jobIdOf({ timerId: id, generation });
  };
  const inQueue = (jobId: string): Promise<unknown> =>
    until(async () => (await at.jobIds()).includes(jobId), { what: `job ${jobId}` });
  const outOfQueue = (jobId: string): Promise<unknown> =>
    until(async () => !(await at.jobIds()).includes(jobId), { what: `the end of job ${jobId}` });
  const fired = (enrolment: string, name: string): Promise<unknown> =>
    until(async () => (await at.firings(enrolment, name)).length > 0, { what: `timer ${name}` });

  it("a job fires a timer, at its due instant and not before", async () => {
    await open();
    at.startWorker();
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    const { dueAt } = await at.timer(enrolment, "soon");
    await fired(enrolment, "soon");
    expect(await at.firings(enrolment, "soon")).toEqual([expect.objectContaining({ firedBy: "job", dueAt })]);
    expect((await at.firings(enrolment, "soon"))[0]!.latenessMs).toBeGreaterThanOrEqual(0);
    expect(await at.metric('pathkeeper_timers_fired_total{woken_by="job"}')).toBe(1);
    expect(await at.metric('pathkeeper_timer_lateness_seconds_count{woken_by="job"}')).toBe(1);
  });

  it("a timer that is due in 400 days is a job from the day it is armed", async () => {
    await open();
    const enrolledAt = Date.now() - 3 * DAY_MS;
    const enrolment = await at.enrol(enrolledAt);
    const timer = await at.timer(enrolment, "review");
    const jobId = `${timer.id}-${timer.generation}`;
    await inQueue(jobId);
    const job = await at.queue.getJob(jobId);
    expect(job).toMatchObject({ name: "ticking/review" });
    expect(job!.data).toEqual({ enrolmentId: enrolment, timerId: timer.id, generation: timer.generation });
    expect(await job!.getState()).toBe("delayed");
    expect(timer.dueAt - enrolledAt).toBeGreaterThan(399 * DAY_MS);
    expect(Math.abs(job!.timestamp + job!.delay - timer.dueAt)).toBeLessThan(1_000);
  });

  it("a timer that is re-dated has one job, and its old bell finds another generation", async () => {
    await open();
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    const old = await at.timer(enrolment, "soon");
    await inQueue(jobIdOf({ timerId: old.id, generation: old.generation }));
    await at.report(enrolment, "bell.wound");
    const now = await at.timer(enrolment, "soon");
    expect(now).toMatchObject({ id: old.id, generation: old.generation + 1 });
    await outOfQueue(jobIdOf({ timerId: old.id, generation: old.generation }));
    const late = jobOf(arming(enrolment, { ...old, dueAt: 0 }), 0);
    await at.queue.addBulk([late]);
    at.startWorker();
    await outOfQueue(late.opts.jobId!);
    await fired(enrolment, "soon");
    expect(await at.firings(enrolment, "soon")).toEqual([
      expect.objectContaining({ firedBy: "job", dueAt: now.dueAt }),
    ]);
  });

  it("a timer that is cancelled leaves no job", async () => {
    await open();
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    const jobId = await armed(enrolment, "soon");
    await inQueue(jobId);
    await at.report(enrolment, "bell.stopped");
    await outOfQueue(jobId);
    expect(await at.timer(enrolment, "soon")).toMatchObject({ status: "cancelled" });
    await at.report(enrolment, "pathway.exited");
    await until(async () => (await at.jobIds()).length === 0, { what: "an empty queue" });
  });

  it("a bell that rings twice fires once", async () => {
    await open();
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    const timer = await at.timer(enrolment, "soon");
    const { name, data, opts } = jobOf(arming(enrolment, timer), Date.now());
    await at.queue.addBulk(
      [1, 2, 3].map((n) => ({ name, data, opts: { ...opts, jobId: `${opts.jobId}-again-${n}` } })),
    );
    at.startWorker();
    await fired(enrolment, "soon");
    await until(async () => (await at.jobIds()).every((id) => !id.startsWith(timer.id)), {
      what: "all bells answered",
    });
    expect(await at.firings(enrolment, "soon")).toHaveLength(1);
  });

  it("a pause takes the job away, and resuming brings it back", async () => {
    await open();
    const enrolment = await at.enrol();
    const before = await armed(enrolment, "review");
    await inQueue(before);
    await at.report(enrolment, "pathway.paused");
    await outOfQueue(before);
    expect(await at.timer(enrolment, "review")).toMatchObject({ status: "held" });
    await at.report(enrolment, "pathway.resumed");
    const after = await armed(enrolment, "review");
    expect(after).not.toBe(before);
    await inQueue(after);
  });

  it("a bell before its time is put back to the due instant", async () => {
    await open();
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    const timer = await at.timer(enrolment, "soon");
    const early = jobOf(arming(enrolment, { ...timer, dueAt: 0 }), 0);
    await inQueue(early.opts.jobId!);
    await at.queue.remove(early.opts.jobId!);
    await at.queue.addBulk([early]);
    at.startWorker();
    await until(async () => ((await at.queue.getJob(early.opts.jobId!))?.attemptsStarted ?? 0) > 0, {
      what: "an early bell",
    });
    await fired(enrolment, "soon");
    expect(await at.firings(enrolment, "soon")).toEqual([expect.objectContaining({ firedBy: "job" })]);
  });

  it("the answer to a bell before its time says when its timer is due", async () => {
    await open();
    const enrolment = await at.enrol();
    const { id, generation, dueAt } = await at.timer(enrolment, "review");
    const ring = (of: number) =>
      at.engine.execute({ kind: "wake", enrolmentId: enrolment, by: "job", timer: { id, generation: of } });
    expect(await ring(generation)).toEqual({ kind: "woken", fired: 0, dueAt });
    expect(await ring(generation + 1)).toEqual({ kind: "woken", fired: 0 });
  });

  it("a bell whose timer is due and is not what its state runs is a fault, and fires nothing", async () => {
    await open();
    const enrolment = await at.enrol();
    const { id, generation } = await at.timer(enrolment, "review");
    await at.database.owner.query("UPDATE timer SET due_at = started_at");
    const timer = { id, generation };
    // Nothing but a record changes a row: only an engine that keeps nothing sees what somebody did past it.
    const { engine } = assembled(at.database, at.clock, 0);
    await expect(engine.execute({ kind: "wake", enrolmentId: enrolment, by: "job", timer })).rejects.toThrow(
      /review.* is not as its state says: see `pathkeeper doctor`/,
    );
    expect(await at.firings(enrolment, "review")).toEqual([]);
  });

  it("a bell that fails is rung again", async () => {
    await open();
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    let faults = 0;
    at.startWorker(
      {},
      {
        execute: (commands) =>
          faults++ === 0 ? Promise.reject(new Error("no connection")) : at.engine.execute(commands),
      },
    );
    await fired(enrolment, "soon");
    expect(await at.firings(enrolment, "soon")).toHaveLength(1);
    expect(faults).toBeGreaterThan(1);
  });

  it("a bell that a killed worker held is answered by another", async () => {
    await open();
    const lockMs = 1_000;
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    const url = backend === "redis" ? fromRun("PATHKEEPER_TEST_REDIS_URL") : at.database.url;
    const doomed = fork(new URL("support/killed-worker.mjs", import.meta.url), [
      JSON.stringify({ backend, url, prefix: at.store.prefix, lockMs }),
    ]);
    const [{ holding }] = (await once(doomed, "message")) as [{ holding: string }];
    expect(holding).toBe(await armed(enrolment, "soon"));
    doomed.kill("SIGKILL");
    await once(doomed, "exit");
    expect(await at.firings(enrolment, "soon")).toEqual([]);
    at.startWorker({ lockMs });
    await fired(enrolment, "soon");
    expect(await at.firings(enrolment, "soon")).toHaveLength(1);
  });

  it("a timer beyond the horizon becomes a job as it comes near", async () => {
    await open({ horizonMs: 1_000 });
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    await at.bells.settle();
    expect(await at.jobIds()).toEqual([]);
    at.startWorker();
    at.startPromoter();
    await fired(enrolment, "soon");
    expect(await at.firings(enrolment, "soon")).toEqual([expect.objectContaining({ firedBy: "job" })]);
    const review = await armed(enrolment, "review");
    expect(await at.jobIds()).not.toContain(review);
  });

  it("many timers are promoted page by page, and no job is made twice", async () => {
    await open({ horizonMs: 1_000 });
    const enrolment = await at.enrol();
    await at.report(enrolment, "bell.wound");
    const promoter = at.promoter();
    await until(async () => (await promoter.promote(), (await at.jobIds()).includes(await armed(enrolment, "soon"))));
    await promoter.promote();
    const jobs = (await at.jobIds()).filter((id) => !id.startsWith("repeat"));
    expect(jobs).toEqual([await armed(enrolment, "soon")]);
  });

  function arming(enrolmentId: string, { id, generation, dueAt }: { id: string; generation: number; dueAt: number }) {
    return { kind: "arm", enrolmentId, timerId: id, generation, name: "ticking/soon", dueAt } as const;
  }
});

it("on PostgreSQL a bell that comes late calls for everything that is due", async () => {
  const at = await Installation.open("postgres");
  try {
    const enrolments: string[] = [];
    for (let n = 0; n < 3; n++) {
      enrolments.push(await at.enrol());
      await at.report(enrolments[n]!, "bell.wound");
    }
    await at.bells.settle();
    for (const id of enrolments.slice(1)) await at.queue.remove(jobIdOf(await armedTimer(at, id)));
    await until(
      async () => {
        const due = `SELECT FROM timer WHERE name = 'soon' AND due_at < pathkeeper_now() - interval '300 milliseconds'`;
        return (await at.database.owner.query<unknown[]>(due)).length === enrolments.length;
      },
      { what: "every timer to be due" },
    );
    at.startWorker();
    for (const id of enrolments) {
      await until(async () => (await at.firings(id, "soon")).length > 0, { what: `the timer of ${id}` });
      expect(await at.firings(id, "soon")).toEqual([expect.objectContaining({ firedBy: "job" })]);
    }
  } finally {
    await at.close();
  }
});

async function armedTimer(at: Installation, enrolment: string): Promise<{ timerId: string; generation: number }> {
  const { id, generation } = await at.timer(enrolment, "soon");
  return { timerId: id, generation };
}
