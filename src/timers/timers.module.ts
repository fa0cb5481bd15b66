import { getQueueToken } from "@nestjs/bullmq";
import { Module } from "@nestjs/common";
import type { Queue } from "bullmq";
import { Engine, EngineModule } from "../engine/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import { CONFIG, type Config } from "../platform/config.js";
import type { QueueStore } from "../platform/queues.js";
import { QUEUE_STORE } from "../platform/tokens.js";
import { Transactions } from "../platform/transactions.js";
import { Reads } from "../reads/index.js";
import { TIMERS_QUEUE, type TimerJobData } from "./timer-jobs.js";
import { TimerPromoter } from "./timer-promoter.js";
import { TimerSweeper } from "./timer-sweeper.js";
import { TimerWorker } from "./timer-worker.js";
import { TimersService } from "./timers.service.js";

/** What answers bells, and what works without any. */
@Module({
  imports: [EngineModule],
  providers: [
    {
      provide: TimerPromoter,
      inject: [getQueueToken(TIMERS_QUEUE), Reads, CLOCK, CONFIG],
      useFactory: (queue: Queue<TimerJobData>, reads: Reads, clock: Clock, { timerHorizonMs }: Config) =>
        new TimerPromoter(queue, reads, clock, timerHorizonMs),
    },
    {
      provide: TimerWorker,
      inject: [QUEUE_STORE, Engine, CLOCK, TimerPromoter, Reads, Transactions],
      useFactory: (
        store: QueueStore,
        engine: Engine,
        clock: Clock,
        promoter: TimerPromoter,
        reads: Reads,
        transactions: Transactions,
      ) => {
        const due = new TimerSweeper(reads, transactions, engine, { graceMs: 0, by: "job" });
        return new TimerWorker(store, engine, clock, promoter, due);
      },
    },
    {
      provide: TimerSweeper,
      inject: [Reads, Transactions, Engine],
      useFactory: (reads: Reads, transactions: Transactions, engine: Engine) =>
        new TimerSweeper(reads, transactions, engine),
    },
    TimersService,
  ],
})
export class TimersModule {}
