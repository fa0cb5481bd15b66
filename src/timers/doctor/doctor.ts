import type { Queue } from "bullmq";
import type { DataSource } from "typeorm";
import type { Clock } from "../../platform/clock.js";
import type { TimerBells } from "../timer-bells.js";
import type { TimerJobData } from "../timer-jobs.js";
import type { Engine, RowDifference } from "../../engine/index.js";
import type { Difference } from "./difference.js";
import { enrolmentPage, type Examiner } from "./examine.js";
import {
  jobsWithoutTimer,
  mendJobs,
  stillWithoutJob,
  stillWithoutTimer,
  timersWithoutJob,
  type JobDifference,
} from "./jobs.js";

export interface DoctorOptions {
  repair: boolean;
  horizonMs: number | null;
  /** A bell rung right after a commit is in the queue by then. */
  secondLookMs?: number;
  onDifference?: (difference: Difference, repaired: boolean) => void;
  onProgress?: (progress: Progress) => void;
}

export interface Progress {
  enrolments: number;
  timers: number;
  jobs: number;
}

export interface Diagnosis extends Progress {
  differences: number;
  repaired: number;
}

const ENROLMENTS_A_PAGE = 200;
/** How many suspected jobs are kept before they are looked at again. */
const SUSPECTS = 5_000;
const SECOND_LOOK_MS = 1_000;
const NIL = "00000000-0000-0000-0000-000000000000";

/**
 * Compares three things that must agree: what is armed by state and document (the history folded again), the timers'
 * rows, and the jobs in the queue. Reads by pages and works beside a running engine.
 */
export class Doctor {
  private diagnosis: Diagnosis = { enrolments: 0, timers: 0, jobs: 0, differences: 0, repaired: 0 };

  constructor(
    private readonly dataSource: DataSource,
    private readonly examiner: Examiner,
    private readonly engine: Pick<Engine, "execute">,
    private readonly queue: Queue<TimerJobData>,
    private readonly bells: TimerBells,
    private readonly clock: Clock,
    private readonly options: DoctorOptions,
  ) {}

  async run(): Promise<Diagnosis> {
    this.diagnosis = { enrolments: 0, timers: 0, jobs: 0, differences: 0, repaired: 0 };
    await this.rows();
    await this.jobs();
    return this.diagnosis;
  }

  private async rows(): Promise<void> {
    for (let after = NIL; ;) {
      const ids = await enrolmentPage(this.dataSource.manager, after, ENROLMENTS_A_PAGE);
      if (ids.length === 0) return;
      const sick = await this.examiner.read(this.dataSource.manager, ids);
      if (sick.length > 0) await this.settleRows(sick);
      this.diagnosis.enrolments += ids.length;
      this.progress();
      after = ids.at(-1)!;
    }
  }

  private async settleRows(found: readonly RowDifference[]): Promise<void> {
    const mendable = this.options.repair ? found.filter(({ mend }) => mend !== null) : [];
    const ids = new Set(mendable.map(({ enrolmentId }) => enrolmentId));
    for (const difference of found) if (!ids.has(difference.enrolmentId)) this.tell(difference, false);
    await Promise.all([...ids].map((id) => this.repair(id)));
    await this.bells.settle();
  }

  /** What is told is what the engine found under its lock. */
  private async repair(enrolmentId: string): Promise<void> {
    const answer = await this.engine.execute({ kind: "repair", enrolmentId });
    if (answer.kind !== "repaired") throw new Error(`Enrolment ${enrolmentId} was not examined: ${answer.kind}.`);
    for (const difference of answer.differences) this.tell(difference, difference.mend !== null);
  }

  private async jobs(): Promise<void> {
    const now = this.clock.now();
    const until = this.options.horizonMs === null ? null : now + this.options.horizonMs;
    const { dataSource, queue } = this;
    await this.look(timersWithoutJob(dataSource, queue, now, until), "timers", (suspects) =>
      stillWithoutJob(dataSource, queue, suspects),
    );
    await this.look(jobsWithoutTimer(dataSource, queue), "jobs", (suspects) =>
      stillWithoutTimer(dataSource, queue, suspects),
    );
  }

  /** A difference counts when it is still there at a second look: the engine and its bells go on meanwhile. */
  private async look(
    pages: AsyncIterable<{ looked: number; found: JobDifference[] }>,
    counted: "timers" | "jobs",
    again: (suspects: JobDifference[]) => Promise<JobDifference[]>,
  ): Promise<void> {
    const confirmed: JobDifference[] = [];
    let suspects: JobDifference[] = [];
    const confirm = async (): Promise<void> => {
      if (suspects.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, this.options.secondLookMs ?? SECOND_LOOK_MS));
      confirmed.push(...(await again(suspects)));
      suspects = [];
    };
    for await (const { looked, found } of pages) {
      suspects.push(...found);
      if (suspects.length >= SUSPECTS) await confirm();
      this.diagnosis[counted] += looked;
      this.progress();
    }
    await confirm();
    // Only now: pages of a queue shift when jobs leave it.
    if (this.options.repair) await mendJobs(this.queue, confirmed, this.clock.now());
    for (const difference of confirmed) this.tell(difference, this.options.repair);
  }

  private tell(difference: Difference, repaired: boolean): void {
    this.diagnosis.differences += 1;
    if (repaired) this.diagnosis.repaired += 1;
    this.options.onDifference?.(difference, repaired);
  }

  private progress(): void {
    const { enrolments, timers, jobs } = this.diagnosis;
    this.options.onProgress?.({ enrolments, timers, jobs });
  }
}
