import type { JobsOptions } from "bullmq";
import type { TimerChange } from "../engine/index.js";
import type { Instant } from "../core/index.js";

export const TIMERS_QUEUE = "timers";

/** Name of the job that a job scheduler makes where timers have a horizon. Timers' names hold a slash. */
export const PROMOTION = "promote";

/** What a timer's job carries: ids only, "look at this enrolment". */
export interface TimerJobData {
  enrolmentId: string;
  timerId: string;
  generation: number;
}

export interface TimerJob {
  name: string;
  data: TimerJobData;
  opts: JobsOptions;
}

export type Arming = Omit<TimerChange, "kind"> & { enrolmentId: string };

/** A finished bell has nothing to tell: the history does. Failed ones stay a week for whoever looks for the reason. */
export const JOB_OPTIONS: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: { age: 7 * 24 * 3600, count: 1000 },
  attempts: 8,
  backoff: { type: "exponential", delay: 1_000 },
};

export function jobIdOf(timer: { timerId: string; generation: number }): string {
  return `${timer.timerId}-${timer.generation}`;
}

/** The bell of an arming, delayed to its due instant however far that is. */
export function jobOf({ name, enrolmentId, timerId, generation, dueAt }: Arming, now: Instant): TimerJob {
  return {
    name,
    data: { enrolmentId, timerId, generation },
    opts: { jobId: jobIdOf({ timerId, generation }), delay: Math.max(0, dueAt - now) },
  };
}
