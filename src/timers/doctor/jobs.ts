import type { Job, Queue } from "bullmq";
import { formatInstant, type Instant } from "../../core/index.js";
import { type Sql, statementOf } from "../../platform/statement.js";
import { isUuid } from "../../platform/uuid.js";
import { jobIdOf, jobOf, PROMOTION, type Arming, type TimerJobData } from "../timer-jobs.js";
import { pendingTimers, START, type Place } from "../timer-rows.js";
import type { Difference } from "./difference.js";

export type JobMend = { kind: "ring"; arming: Arming } | { kind: "remove"; jobId: string };
export interface JobDifference extends Difference {
  mend: JobMend;
}

const PAGE = 500;
/** A job may ring so much after its timer's due instant: clocks of two machines. */
const TOLERANCE_MS = 2_000;

type TimerBull = Job<TimerJobData>;

/** What one page came to. */
export interface Looked {
  looked: number;
  found: JobDifference[];
}

/**
 * Pending timers due later than now and by the horizon, whose job is not there or rings late; page by page. Those whose
 * job was met in time already are not asked for again.
 */
export async function* timersWithoutJob(
  sql: Sql,
  queue: Queue<TimerJobData>,
  now: Instant,
  until: Instant | null,
  inTime: ReadonlySet<string>,
): AsyncGenerator<Looked> {
  for (let place: Place | null = START; place;) {
    const page = await pendingTimers(sql, until, place, PAGE);
    // What is due already has rung, or is the sweeper's.
    const ahead = page.rows.filter((row) => row.dueAt > now && !inTime.has(jobIdOf(row)));
    yield { looked: page.rows.length, found: await compare(queue, ahead) };
    place = page.next;
  }
}

/** Looks once more: a bell that was on its way at the first look has arrived. */
export async function stillWithoutJob(
  sql: Sql,
  queue: Queue<TimerJobData>,
  suspects: readonly JobDifference[],
): Promise<JobDifference[]> {
  const armings = suspects.flatMap(({ mend }) => (mend.kind === "ring" ? mend.arming : []));
  const pending = await generationsPending(sql, armings);
  return compare(
    queue,
    armings.filter(({ timerId, generation }) => pending.get(timerId)?.generation === generation),
  );
}

/**
 * Jobs that wait for a timer that is not pending, or not in that generation; page by page. Collects in `inTime` those
 * that ring for their timer no later than they ought to.
 */
export async function* jobsWithoutTimer(
  sql: Sql,
  queue: Queue<TimerJobData>,
  inTime: Set<string>,
): AsyncGenerator<Looked> {
  for (const state of ["waiting", "delayed"] as const) {
    for (let start = 0; ; start += PAGE) {
      const jobs = (await queue.getJobs([state], start, start + PAGE - 1, true)) as TimerBull[];
      if (jobs.length === 0) break;
      const bells = jobs.filter((job) => job?.name !== PROMOTION);
      const pending = await generationsPending(
        sql,
        bells.map((job) => job.data),
      );
      for (const job of bells) {
        const timer = timerOf(job, pending);
        if (timer && !ringsLate(job, timer.dueAt)) inTime.add(job.id!);
      }
      yield { looked: jobs.length, found: surplus(bells, pending) };
    }
  }
}

export async function stillWithoutTimer(
  sql: Sql,
  queue: Queue<TimerJobData>,
  suspects: readonly JobDifference[],
): Promise<JobDifference[]> {
  const ids = suspects.flatMap(({ mend }) => (mend.kind === "remove" ? mend.jobId : []));
  const jobs = await Promise.all(ids.map((id) => queue.getJob(id)));
  const bells = jobs.filter((job) => job !== undefined) as TimerBull[];
  return surplus(
    bells,
    await generationsPending(
      sql,
      bells.map((job) => job.data),
    ),
  );
}

export async function mendJobs(queue: Queue<TimerJobData>, all: readonly JobMend[], now: Instant): Promise<void> {
  for (let at = 0; at < all.length; at += PAGE) {
    const mends = all.slice(at, at + PAGE);
    await Promise.all(mends.map((mend) => queue.remove(mend.kind === "remove" ? mend.jobId : jobIdOf(mend.arming))));
    const jobs = mends.flatMap((mend) => (mend.kind === "ring" ? jobOf(mend.arming, now) : []));
    if (jobs.length > 0) await queue.addBulk(jobs);
  }
}

async function compare(queue: Queue<TimerJobData>, armings: readonly Arming[]): Promise<JobDifference[]> {
  const jobs = (await Promise.all(armings.map((arming) => queue.getJob(jobIdOf(arming))))) as (TimerBull | undefined)[];
  return armings.flatMap((arming, index): JobDifference[] => {
    const job = jobs[index];
    const add = (kind: Difference["kind"], what: string): JobDifference[] => {
      const sentence = `Enrolment ${arming.enrolmentId}: timer ${arming.name}, due ${formatInstant(arming.dueAt)}, ${what}`;
      return [{ kind, enrolmentId: arming.enrolmentId, sentence, mend: { kind: "ring", arming } }];
    };
    if (!job || job.finishedOn) return add("job missing", `has no job ${jobIdOf(arming)}.`);
    return ringsLate(job, arming.dueAt)
      ? add("job late", `has a job that rings at ${formatInstant(ringsAt(job))}.`)
      : [];
  });
}

function ringsAt({ timestamp, delay }: TimerBull): Instant {
  return timestamp + delay;
}

function ringsLate(job: TimerBull, dueAt: Instant): boolean {
  return ringsAt(job) > dueAt + TOLERANCE_MS;
}

type Pending = ReadonlyMap<string | undefined, { generation: number; dueAt: Instant }>;

/** The pending timer that a job rings for. */
function timerOf({ id, data }: TimerBull, pending: Pending): { dueAt: Instant } | undefined {
  const timer = pending.get(data.timerId);
  return timer?.generation === data.generation && id === jobIdOf(data) ? timer : undefined;
}

function surplus(jobs: readonly TimerBull[], pending: Pending): JobDifference[] {
  return jobs.flatMap((job): JobDifference[] => {
    if (timerOf(job, pending)) return [];
    const { enrolmentId } = job.data;
    const sentence = `Enrolment ${enrolmentId}: job ${job.id} (${job.name}) rings for no pending timer.`;
    return [{ kind: "job surplus", enrolmentId, sentence, mend: { kind: "remove", jobId: job.id! } }];
  });
}

const GENERATIONS = statementOf(
  `SELECT id, generation, due_at AS "dueAt" FROM timer WHERE enrolment_id = ANY($1::uuid[]) AND status = 'pending'`,
);

async function generationsPending(sql: Sql, timers: readonly Partial<TimerJobData>[]): Promise<Pending> {
  // Whatever stands in a job: one that names no enrolment at all belongs to none.
  const enrolmentIds = timers.map(({ enrolmentId }) => enrolmentId).filter((id) => isUuid(id ?? ""));
  const rows = await sql.rows<{ id: string; generation: number; dueAt: Instant }>(GENERATIONS, [
    [...new Set(enrolmentIds)],
  ]);
  return new Map(rows.map(({ id, ...timer }) => [id, timer]));
}
