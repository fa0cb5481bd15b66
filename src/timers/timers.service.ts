import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from "@nestjs/common";
import { CONFIG, type Config } from "../platform/config.js";
import type { QueueStore } from "../platform/queues.js";
import { QUEUE_STORE } from "../platform/tokens.js";
import { Engine } from "../engine/index.js";
import { TimerBells } from "./timer-bells.js";
import { TimerMetrics } from "./timer-metrics.js";
import { TimerPromoter } from "./timer-promoter.js";
import { TimerSweeper } from "./timer-sweeper.js";
import { TimerWorker } from "./timer-worker.js";

const WARNING_RETRY_MS = 1_000;

/** Starts what wakes timers in a process that works, and stops everything in an order that loses nothing. */
@Injectable()
export class TimersService
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger("Timers");
  private retry: NodeJS.Timeout | undefined;

  constructor(
    @Inject(QUEUE_STORE) private readonly store: QueueStore,
    @Inject(CONFIG) private readonly config: Config,
    private readonly engine: Engine,
    private readonly bells: TimerBells,
    private readonly metrics: TimerMetrics,
    private readonly worker: TimerWorker,
    private readonly sweeper: TimerSweeper,
    private readonly promoter: TimerPromoter,
  ) {}

  onModuleInit(): void {
    this.engine.listen((committed) => this.bells.committed(committed));
    this.engine.listen((committed) => this.metrics.committed(committed));
  }

  onApplicationBootstrap(): void {
    this.warn();
    if (this.config.role === "api") return;
    // First of all what fell due while nothing ran.
    this.sweeper.start();
    this.worker.start();
    this.promoter.start();
  }

  /** Wake-ups at work end while the database is there; requests may go on arming timers. */
  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.retry);
    this.promoter.stop();
    await Promise.all([this.worker.close(), this.sweeper.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bells.close();
  }

  /** A Redis that is not there yet is asked again. */
  private warn(): void {
    this.store.warning().then(
      (sentence) => sentence && this.logger.warn(sentence),
      () => (this.retry = setTimeout(() => this.warn(), WARNING_RETRY_MS).unref()),
    );
  }
}
