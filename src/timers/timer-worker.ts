import { setTimeout as delay } from "node:timers/promises";
import { Logger } from "@nestjs/common";
import { DelayedError, Worker, type Job } from "bullmq";
import type { Instant } from "../core/index.js";
import type { Engine, Refusal } from "../engine/index.js";
import type { Clock } from "../platform/clock.js";
import type { QueueStore } from "../platform/queues.js";
import { withTimeLimit } from "../platform/time-limit.js";
import { PROMOTION, TIMERS_QUEUE, type TimerJobData } from "./timer-jobs.js";
import type { TimerPromoter } from "./timer-promoter.js";
import type { TimerSweeper } from "./timer-sweeper.js";

export interface WorkerSettings {
  /** Bells answered at once; those that wait for the engine together are written together. */
  concurrency?: number;
  /** A bell that a killed worker held comes back after it. */
  lockMs?: number;
}

/** Enough for two full transactions of the engine, and for others to come in meanwhile. */
const CONCURRENCY = 300;
/** A bell that comes so long after its time says that others wait behind it. */
const BEHIND_MS = 250;
const LOCK_MS = 30_000;
/** After a fault of the connection; BullMQ's own 15 s would make every bell late. */
const RETRY_MS = 1_000;
/** How long an orderly end waits for the bells at work, and for a queue that does not answer. */
const LAST_CALL_MS = 5_000;

/**
 * Answers bells: looks at the enrolment each one names. What to do there is the engine's to know.
 *
 * A queue on PostgreSQL hands its bells out slowly, a transaction for each, and where many are due at once it falls
 * behind. A bell that comes late says so, and calls for everything that is due: that is read from the table and put down
 * to a job, since a job called for it; the bells behind find nothing to do. So at such times "job" says that a bell led
 * to a firing, not that it was the timer's own, and one whose job was lost is not counted as the sweeper's.
 */
export class TimerWorker {
  private readonly logger = new Logger("TimerWorker");
  private worker: Worker<TimerJobData> | null = null;
  private lastError = "";
  private readingAhead: Promise<void> | null = null;
  private restsUntil = 0;
  private stopping = new AbortController();

  constructor(
    private readonly store: QueueStore,
    private readonly engine: Pick<Engine, "execute">,
    private readonly clock: Clock,
    private readonly promoter: TimerPromoter,
    /** Fires what is due by now, and puts it down to a job. */
    private readonly due: Pick<TimerSweeper, "sweep">,
    private readonly settings: WorkerSettings = {},
  ) {}

  start(): void {
    this.stopping = new AbortController();
    const lockMs = this.settings.lockMs ?? LOCK_MS;
    this.worker = new Worker<TimerJobData>(TIMERS_QUEUE, (job, token) => this.answer(job, token), {
      connection: this.store.connection,
      prefix: this.store.prefix,
      concurrency: this.settings.concurrency ?? CONCURRENCY,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      // Being killed in the middle of a bell is no fault of the bell.
      maxStalledCount: 10,
      runRetryDelay: RETRY_MS,
      autorun: false,
    });
    this.worker.on("error", (error) => this.report(error));
    this.worker.on("failed", (job, error) =>
      this.logger.warn(`Bell ${job?.id} failed (attempt ${job?.attemptsMade}): ${error.message}`),
    );
    void this.run(this.worker);
  }

  /** On PostgreSQL a worker whose first connection failed would ask again for ever, without the pause that lets others work. */
  private async run(worker: Worker<TimerJobData>): Promise<void> {
    try {
      if (this.store.kind === "postgres") await worker.waitUntilReady();
    } catch (error) {
      this.report(error as Error);
      await worker.close().catch(() => undefined);
      await delay(RETRY_MS, undefined, { ref: false });
      if (this.worker === worker) this.start();
      return;
    }
    await worker.run().catch((error: Error) => this.report(error));
  }

  async close(): Promise<void> {
    const worker = this.worker;
    if (!worker) return;
    this.worker = null;
    this.stopping.abort();
    const closing = Promise.all([worker.close(), this.readingAhead]);
    closing.catch((error: Error) => this.report(error));
    await withTimeLimit(LAST_CALL_MS, closing, undefined);
  }

  private async answer(job: Job<TimerJobData>, token?: string): Promise<void> {
    if (job.name === PROMOTION) return void (await this.promoter.promote());
    if (this.isBehind(job)) this.readAhead();
    const { enrolmentId, timerId, generation } = job.data;
    const timer = { id: timerId, generation };
    const answer = await this.engine.execute({ kind: "wake", enrolmentId, by: "job", timer });
    if (answer.kind === "refused") return this.refused(job, answer.refusal);
    if (answer.kind === "woken" && answer.dueAt !== undefined) await this.putBack(job, answer.dueAt, token);
  }

  /** Redis hands bells out faster than the engine takes them: there reading ahead would be the same work done twice. */
  private isBehind({ timestamp, delay }: Job<TimerJobData>): boolean {
    return this.store.kind === "postgres" && Date.now() - (timestamp + delay) > BEHIND_MS;
  }

  private readAhead(): void {
    if (this.readingAhead || performance.now() < this.restsUntil) return;
    this.readingAhead = this.due
      .sweep(this.stopping.signal)
      .then(
        () => undefined,
        (error: Error) => this.report(error),
      )
      .finally(() => {
        this.readingAhead = null;
        this.restsUntil = performance.now() + BEHIND_MS;
      });
  }

  private refused(job: Job<TimerJobData>, { name }: Refusal): void {
    if (name !== "not-found") throw new Error(`It was refused: ${name}.`);
    this.logger.warn(
      `Bell ${job.id} names an enrolment that is not in this database: two installations on one Redis need a database of Redis each.`,
    );
  }

  /** A bell that rang before its time (clocks of two machines differ) waits for the due instant. */
  private async putBack(job: Job<TimerJobData>, dueAt: Instant, token?: string): Promise<void> {
    await job.moveToDelayed(Date.now() + Math.max(0, dueAt - this.clock.now()), token);
    throw new DelayedError();
  }

  /** BullMQ tries again for ever; the same complaint is worth one line. */
  private report(error: Error): void {
    if (error.message === this.lastError) return;
    this.lastError = error.message;
    this.logger.warn(`The timer queue's worker: ${error.message}`);
  }
}
