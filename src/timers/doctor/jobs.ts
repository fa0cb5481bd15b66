import type { Job, Queue } from "bullmq";
import type { DataSource } from "typeorm";
import { formatInstant, type Instant } from "../../core/index.js";
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

/** Pending timers due later than now and by the horizon, whose job is not there or rings late; page by page. */
export async function* timersWithoutJob(
  dataSource: DataSource,
  queue: Queue<TimerJobData>,
  now: Instant,
  until: Instant | null,
): AsyncGenerator<{ looked: number; found: JobDifference[] }> {
  for (let place: Place | null = START; place;) {
    const page = await pendingTimers(dataSource, until, place, PAGE);
    // What is due already has rung, or is the sweeper's.
    const ahead = page.rows.filter((row) => row.dueAt > now);
    yield { looked: page.rows.length, found: await compare(queue, ahead) };
    place = page.next;
  }
}

/** Looks once more: a bell that was on its way at the first look has arrived. */
export async function stillWithoutJob(
  dataSource: DataSource,
  queue: Queue<TimerJobData>,
  suspects: readonly JobDifference[],
): Promise<JobDifference[]> {
  const armings = suspects.flatMap(({ mend }) => (mend.kind === "ring" ? mend.arming : []));
  const pending = await generationsPending(dataSource, armings);
  return compare(
    queue,
    armings.filter(({ timerId, generation }) => pending.get(timerId) === generation),
  );
}

/** Jobs that wait for a timer that is not pending, or not in that generation; page by page. */
export async function* jobsWithoutTimer(
  dataSource: DataSource,
  queue: Queue<TimerJobData>,
): AsyncGenerator<{ looked: number; found: JobDifference[] }> {
  for (const state of ["waiting", "delayed"] as const) {
    for (let start = 0; ; start += PAGE) {
      const jobs = (await queue.getJobs([state], start, start + PAGE - 1, true)) as TimerBull[];
      if (jobs.length === 0) break;
      yield {
        looked: jobs.length,
        found: await surplus(
          dataSource,
          jobs.filter((job) => job?.name !== PROMOTION),
        ),
      };
    }
  }
}

export async function stillWithoutTimer(
  dataSource: DataSource,
  queue: Queue<TimerJobData>,
  suspects: readonly JobDifference[],
): Promise<JobDifference[]> {
  const ids = suspects.flatMap(({ mend }) => (mend.kind === "remove" ? mend.jobId : []));
  const jobs = await Promise.all(ids.map((id) => queue.getJob(id)));
  return surplus(dataSource, jobs.filter((job) => job !== undefined) as TimerBull[]);
}

export async function mendJobs(
  queue: Queue<TimerJobData>,
  differences: readonly JobDifference[],
  now: Instant,
): Promise<void> {
  for (let at = 0; at < differences.length; at += PAGE) {
    const mends = differences.slice(at, at + PAGE).map(({ mend }) => mend);
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
    const rings = job.timestamp + job.delay;
    return rings > arming.dueAt + TOLERANCE_MS
      ? add("job late", `has a job that rings at ${formatInstant(rings)}.`)
      : [];
  });
}

async function surplus(dataSource: DataSource, jobs: readonly TimerBull[]): Promise<JobDifference[]> {
  const pending = await generationsPending(
    dataSource,
    jobs.map((job) => job.data),
  );
  return jobs.flatMap((job): JobDifference[] => {
    const { timerId, generation, enrolmentId } = job.data;
    if (pending.get(timerId) === generation && job.id === jobIdOf(job.data)) return [];
    const sentence = `Enrolment ${enrolmentId}: job ${job.id} (${job.name}) rings for no pending timer.`;
    return [{ kind: "job surplus", enrolmentId, sentence, mend: { kind: "remove", jobId: job.id! } }];
  });
}

async function generationsPending(
  dataSource: DataSource,
  timers: readonly Partial<TimerJobData>[],
): Promise<Map<string | undefined, number>> {
  // Whatever stands in a job: one that names no enrolment at all belongs to none.
  const enrolmentIds = timers.map(({ enrolmentId }) => enrolmentId).filter((id) => isUuid(id ?? ""));
  const rows = await dataSource.query<{ id: string; generation: number }[]>(
    `SELECT id, generation FROM timer WHERE enrolment_id = ANY($1::uuid[]) AND status = 'pending'`,
    [[...new Set(enrolmentIds)]],
  );
  return new Map(rows.map(({ id, generation }) => [id, generation]));
}
