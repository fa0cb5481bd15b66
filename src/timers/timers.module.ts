import { getQueueToken } from "@nestjs/bullmq";
import { Module } from "@nestjs/common";
import type { Queue } from "bullmq";
import { DataSource } from "typeorm";
import { Engine, EngineModule } from "../engine/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import { CONFIG, type Config } from "../platform/config.js";
import type { QueueStore } from "../platform/queues.js";
import { QUEUE_STORE } from "../platform/tokens.js";
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
      inject: [getQueueToken(TIMERS_QUEUE), DataSource, CLOCK, CONFIG],
      useFactory: (queue: Queue<TimerJobData>, dataSource: DataSource, clock: Clock, { timerHorizonMs }: Config) =>
        new TimerPromoter(queue, dataSource, clock, timerHorizonMs),
    },
    {
      provide: TimerWorker,
      inject: [QUEUE_STORE, Engine, CLOCK, TimerPromoter, DataSource],
      useFactory: (store: QueueStore, engine: Engine, clock: Clock, promoter: TimerPromoter, dataSource: DataSource) =>
        new TimerWorker(
          store,
          engine,
          clock,
          promoter,
          new TimerSweeper(dataSource, engine, { graceMs: 0, by: "job" }),
        ),
    },
    {
      provide: TimerSweeper,
      inject: [DataSource, Engine],
      useFactory: (dataSource: DataSource, engine: Engine) => new TimerSweeper(dataSource, engine),
    },
    TimersService,
  ],
})
export class TimersModule {}
