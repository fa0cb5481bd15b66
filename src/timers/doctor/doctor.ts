import type { Queue } from "bullmq";
import type { Clock } from "../../platform/clock.js";
import { PATHKEEPER, type Reads } from "../../reads/index.js";
import type { TimerBells } from "../timer-bells.js";
import type { TimerJobData } from "../timer-jobs.js";
import type { Engine, RowDifference } from "../../engine/index.js";
import type { Difference } from "./difference.js";
import type { Examiner } from "./examine.js";
import {
  jobsWithoutTimer,
  mendJobs,
  stillWithoutJob,
  stillWithoutTimer,
  timersWithoutJob,
  type JobDifference,
  type JobMend,
  type Looked,
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
  /** Enrolments folded and compared in a second. */
  perSecond: number;
}

export interface Diagnosis extends Progress {
  differences: number;
  repaired: number;
}

const NOTHING: Diagnosis = { enrolments: 0, timers: 0, jobs: 0, perSecond: 0, differences: 0, repaired: 0 };
const ENROLMENTS_A_PAGE = 200;
/** How many suspected jobs are kept before they are looked at again. */
const SUSPECTS = 5_000;
const SECOND_LOOK_MS = 1_000;

/**
 * Compares three things that must agree: what is armed by state and document (the history folded again), the timers'
 * rows, and the jobs in the queue. Works beside a running engine, and reads by pages: what it keeps of a page are the
 * ids of jobs that are well, about a hundred bytes each, and suspects up to a limit.
 */
export class Doctor {
  private diagnosis: Diagnosis = NOTHING;
  private began = 0;

  constructor(
    private readonly reads: Reads,
    private readonly examiner: Examiner,
    private readonly engine: Pick<Engine, "execute">,
    private readonly queue: Queue<TimerJobData>,
    private readonly bells: TimerBells,
    private readonly clock: Clock,
    private readonly options: DoctorOptions,
  ) {}

  async run(): Promise<Diagnosis> {
    this.diagnosis = { ...NOTHING };
    this.began = performance.now();
    await this.rows();
    await this.jobs();
    return this.diagnosis;
  }

  private async rows(): Promise<void> {
    for await (const { looked, sick } of this.examiner.pages(this.reads.by(PATHKEEPER, "doctor"), ENROLMENTS_A_PAGE)) {
      if (sick.length > 0) await this.settleRows(sick);
      this.diagnosis.enrolments += looked;
      this.diagnosis.perSecond = this.rate();
      this.progress();
    }
  }

  private async settleRows(sick: readonly RowDifference[][]): Promise<void> {
    await Promise.all(sick.map((found) => this.settleEnrolment(found)));
    await this.bells.settle();
  }

  private async settleEnrolment(found: readonly RowDifference[]): Promise<void> {
    const isMendable = this.options.repair && found.some(({ mend }) => mend !== null);
    if (!isMendable) return found.forEach((difference) => this.tell(difference, false));
    try {
      // What is told is what the engine found under its lock.
      for (const difference of await this.repair(found[0]!.enrolmentId))
        this.tell(difference, difference.mend !== null);
    } catch (error) {
      const why = `It could not be mended: ${(error as Error).message}`;
      for (const difference of found) this.tell({ ...difference, sentence: `${difference.sentence} ${why}` }, false);
    }
  }

  private async repair(enrolmentId: string): Promise<RowDifference[]> {
    const answer = await this.engine.execute({ kind: "repair", enrolmentId });
    if (answer.kind === "repaired") return answer.differences;
    throw new Error(answer.kind === "refused" ? `It was refused: ${answer.refusal.name}.` : answer.kind);
  }

  private async jobs(): Promise<void> {
    const now = this.clock.now();
    const until = this.options.horizonMs === null ? null : now + this.options.horizonMs;
    const { queue } = this;
    const sql = this.reads.by(PATHKEEPER, "doctor");
    const inTime = new Set<string>();
    await this.look(jobsWithoutTimer(sql, queue, inTime), "jobs", (suspects) =>
      stillWithoutTimer(sql, queue, suspects),
    );
    await this.look(timersWithoutJob(sql, queue, now, until, inTime), "timers", (suspects) =>
      stillWithoutJob(sql, queue, suspects),
    );
  }

  /** A difference counts when it is still there at a second look: the engine and its bells go on meanwhile. */
  private async look(
    pages: AsyncIterable<Looked>,
    counted: "timers" | "jobs",
    again: (suspects: JobDifference[]) => Promise<JobDifference[]>,
  ): Promise<void> {
    let suspects: JobDifference[] = [];
    // Pages of a queue shift when jobs leave it: what is to be removed waits for the last page.
    const removals: JobMend[] = [];
    const confirm = async (): Promise<void> => {
      if (suspects.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, this.options.secondLookMs ?? SECOND_LOOK_MS));
      const confirmed = await again(suspects);
      suspects = [];
      for (const difference of confirmed) this.tell(difference, this.options.repair);
      if (!this.options.repair) return;
      const mends = confirmed.map(({ mend }) => mend);
      removals.push(...mends.filter(({ kind }) => kind === "remove"));
      await this.mend(mends.filter(({ kind }) => kind === "ring"));
    };
    for await (const { looked, found } of pages) {
      suspects.push(...found);
      if (suspects.length >= SUSPECTS) await confirm();
      this.diagnosis[counted] += looked;
      this.progress();
    }
    await confirm();
    await this.mend(removals);
  }

  private mend(mends: readonly JobMend[]): Promise<void> {
    return mendJobs(this.queue, mends, this.clock.now());
  }

  private rate(): number {
    return Math.round(this.diagnosis.enrolments / ((performance.now() - this.began) / 1_000));
  }

  private tell(difference: Difference, repaired: boolean): void {
    this.diagnosis.differences += 1;
    if (repaired) this.diagnosis.repaired += 1;
    this.options.onDifference?.(difference, repaired);
  }

  private progress(): void {
    const { enrolments, timers, jobs, perSecond } = this.diagnosis;
    this.options.onProgress?.({ enrolments, timers, jobs, perSecond });
  }
}
