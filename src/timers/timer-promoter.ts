import { Logger } from "@nestjs/common";
import type { Queue } from "bullmq";
import type { Clock } from "../platform/clock.js";
import { PATHKEEPER, type Reads } from "../reads/index.js";
import { jobOf, PROMOTION, type TimerJobData } from "./timer-jobs.js";
import { pendingTimers, START, type Place } from "./timer-rows.js";

const PAGE = 1_000;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 60 * 60 * 1_000;
const RETRY_MS = 1_000;

/**
 * Turns timers into jobs as they come near, where there is a horizon (`TIMER_HORIZON`); a BullMQ job scheduler says
 * when, and any one worker does it. A job that is there already is left alone, so every run covers the whole horizon
 * and mends what was lost since the one before.
 */
export class TimerPromoter {
  private readonly logger = new Logger("TimerPromoter");
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly queue: Queue<TimerJobData>,
    private readonly reads: Reads,
    private readonly clock: Clock,
    private readonly horizonMs: number | null,
  ) {}

  /** Several times within each horizon, so that a missed run leaves no gap. */
  get everyMs(): number {
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.floor((this.horizonMs ?? Infinity) / 8)));
  }

  start(): void {
    void this.keepSchedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Rings for every pending timer due by the horizon or before the next run. */
  async promote(): Promise<number> {
    const until = this.horizonMs === null ? null : this.clock.now() + this.horizonMs + this.everyMs;
    let promoted = 0;
    for (let place: Place | null = START; place && !this.stopped;) {
      const page = await pendingTimers(this.reads.by(PATHKEEPER, "timers"), until, place, PAGE);
      const now = this.clock.now();
      if (page.rows.length > 0) await this.queue.addBulk(page.rows.map((row) => jobOf(row, now)));
      promoted += page.rows.length;
      place = page.next;
    }
    return promoted;
  }

  /** Says it again from time to time: an emptied Redis has forgotten its scheduler too. */
  private async keepSchedule(): Promise<void> {
    let again = this.everyMs;
    try {
      if (this.horizonMs === null) await this.queue.removeJobScheduler(PROMOTION);
      else await this.queue.upsertJobScheduler(PROMOTION, { every: this.everyMs }, { name: PROMOTION });
    } catch (error) {
      again = RETRY_MS;
      this.logger.debug(`The promotion of timers cannot be scheduled yet: ${(error as Error).message}`);
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.keepSchedule(), again).unref();
  }
}
