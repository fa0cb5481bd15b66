import { setTimeout as delay } from "node:timers/promises";
import { Logger } from "@nestjs/common";
import type { Queue } from "bullmq";
import type { Committed, TimerChange } from "../engine/index.js";
import type { Clock } from "../platform/clock.js";
import type { QueueStore } from "../platform/queues.js";
import { withTimeLimit } from "../platform/time-limit.js";
import { jobIdOf, jobOf, type TimerJob, type TimerJobData } from "./timer-jobs.js";
import type { TimerMetrics } from "./timer-metrics.js";

export interface BellOptions {
  /** Only timers due within it become jobs; later ones are promoted as they come near. Null: every timer. */
  horizonMs: number | null;
  /** How many bells wait in memory for a queue that does not take them. The oldest are lost first. */
  capacity?: number;
}

const CAPACITY = 50_000;
const BATCH = 500;
const RETRY_MS = 250;
const SILENCE_MS = 10_000;
/** Says to the queue what became of a timer: ids and codes only. */
export type Bell = TimerChange & { enrolmentId: string };

/** How long an orderly end waits for the queue. */
const LAST_CALL_MS = 3_000;

/**
 * Rings after commits. A caller never waits for the queue: bells wait here, go out in bulk in the order they came, and
 * stay while the queue is away. Sending one twice does no harm, losing one loses nothing.
 */
export class TimerBells {
  private readonly logger = new Logger("Bells");
  private readonly waiting: Bell[] = [];
  private readonly capacity: number;
  private sending: Promise<void> | null = null;
  private troubled = false;
  private untold = 0;
  private toldUntil = 0;
  private closed = false;

  constructor(
    private readonly queue: Queue<TimerJobData>,
    private readonly store: QueueStore,
    private readonly clock: Clock,
    private readonly metrics: TimerMetrics,
    private readonly options: BellOptions,
  ) {
    this.capacity = options.capacity ?? CAPACITY;
    // Whoever sends is told; an error that nobody listens for would be printed at each attempt to connect.
    queue.on("error", () => undefined);
  }

  /** A listener to the engine's commits. */
  committed(all: readonly Committed[]): void {
    this.ring(all.flatMap(({ enrolmentId, timers }) => timers.map((change) => ({ ...change, enrolmentId }))));
  }

  ring(bells: readonly Bell[]): void {
    for (const bell of bells) {
      if (this.closed) this.lose(1, "the process is ending");
      else this.waiting.push(bell);
    }
    const surplus = this.waiting.length - this.capacity;
    if (surplus > 0) {
      this.waiting.splice(0, surplus);
      this.lose(surplus, "too many wait for the queue");
    }
    this.metrics.waiting(this.waiting.length);
    if (this.waiting.length > 0) this.sending ??= this.sendAll().finally(() => (this.sending = null));
  }

  /** Until the last bell is rung, or the time is up. */
  async settle(withinMs = LAST_CALL_MS): Promise<void> {
    await withTimeLimit(withinMs, this.sending ?? Promise.resolve(), undefined);
  }

  async close(): Promise<void> {
    await this.settle();
    this.closed = true;
    this.lose(this.waiting.splice(0).length, "the queue took none before the end");
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0 && !this.closed) {
      const batch = this.waiting.slice(0, BATCH);
      try {
        if (!this.store.isReachable()) throw new Error("not connected");
        await this.send(batch);
        // What overflowed meanwhile was taken from the front too.
        const first = this.waiting.indexOf(batch.at(-1)!);
        this.waiting.splice(0, first + 1);
        this.metrics.rung(batch.length);
        this.metrics.waiting(this.waiting.length);
        this.recovered();
      } catch (error) {
        this.failed(error);
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  private async send(batch: readonly Bell[]): Promise<void> {
    const now = this.clock.now();
    const latest = now + (this.options.horizonMs ?? Infinity);
    const arms = new Map<string, TimerJob>();
    const removals: string[] = [];
    for (const bell of batch) {
      const id = jobIdOf(bell);
      if (bell.kind === "armed") {
        if (bell.dueAt <= latest) arms.set(id, jobOf(bell, now));
      } else if (!arms.delete(id) && bell.dueAt <= latest) {
        // Beyond the horizon there is no job, or a stray one that finds nothing to do.
        removals.push(id);
      }
    }
    await Promise.all([
      arms.size > 0 ? this.queue.addBulk([...arms.values()]) : undefined,
      ...removals.map((id) => this.queue.remove(id)),
    ]);
  }

  /** Counted each time, told from time to time: a queue that is away for long loses many. */
  private lose(count: number, why: string): void {
    if (count === 0) return;
    this.metrics.lost(count);
    this.untold += count;
    if (performance.now() < this.toldUntil) return;
    this.toldUntil = performance.now() + SILENCE_MS;
    this.logger.warn(
      `Bells lost: ${this.untold} (${why}). The sweeper fires their timers; pathkeeper doctor --repair rings them.`,
    );
    this.untold = 0;
  }

  private failed(error: unknown): void {
    if (this.troubled) return;
    this.troubled = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn(`The queue takes no bells (${reason}). They wait in memory, and the sweeper fires what is due.`);
  }

  private recovered(): void {
    if (!this.troubled) return;
    this.troubled = false;
    this.logger.log("The queue takes bells again.");
  }
}
