import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from "@nestjs/common";
import type { QueueStore } from "../platform/queues.js";
import type { TimerBells } from "./timer-bells.js";
import type { TimerPromoter } from "./timer-promoter.js";
import type { TimerSweeper } from "./timer-sweeper.js";
import type { TimerWorker } from "./timer-worker.js";

const WARNING_RETRY_MS = 1_000;

/** Starts what wakes timers in a process that works, and stops everything in an order that loses nothing. */
export class TimersService implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger("Timers");
  private warned: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: QueueStore,
    private readonly bells: TimerBells,
    private readonly worker: TimerWorker,
    private readonly sweeper: TimerSweeper,
    private readonly promoter: TimerPromoter,
    private readonly works: boolean,
  ) {}

  onApplicationBootstrap(): void {
    this.warn();
    if (!this.works) return;
    // First of all what fell due while nothing ran.
    this.sweeper.start();
    this.worker.start();
    this.promoter.start();
  }

  /** Bells at work end while the database is still there; requests may go on arming timers. */
  async beforeApplicationShutdown(): Promise<void> {
    this.promoter.stop();
    await Promise.all([this.worker.close(), this.sweeper.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.warned) clearTimeout(this.warned);
    await this.bells.close();
    await this.store.close();
  }

  /** A Redis that is not there yet is asked again. */
  private warn(): void {
    this.store.warning().then(
      (sentence) => sentence && this.logger.warn(sentence),
      () => (this.warned = setTimeout(() => this.warn(), WARNING_RETRY_MS).unref()),
    );
  }
}
