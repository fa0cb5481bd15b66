import { BullModule, getQueueToken } from "@nestjs/bullmq";
import { Global, Module } from "@nestjs/common";
import type { Queue, QueueOptions } from "bullmq";
import { Registry } from "prom-client";
import { CLOCK, type Clock } from "../platform/clock.js";
import { CONFIG, type Config } from "../platform/config.js";
import type { QueueStore } from "../platform/queues.js";
import { QUEUE_STORE } from "../platform/tokens.js";
import { PATHKEEPER, Reads } from "../reads/index.js";
import { TimerBells } from "./timer-bells.js";
import { JOB_OPTIONS, TIMERS_QUEUE, type TimerJobData } from "./timer-jobs.js";
import { TimerMetrics } from "./timer-metrics.js";
import { countOverdue } from "./timer-rows.js";

/** What tells the queue of timers, and what is measured of them. */
@Global()
@Module({
  imports: [
    BullModule.registerQueueAsync({
      name: TIMERS_QUEUE,
      inject: [QUEUE_STORE],
      useFactory: ({ connection, prefix }: QueueStore): QueueOptions => ({
        connection,
        prefix,
        defaultJobOptions: JOB_OPTIONS,
      }),
    }),
  ],
  providers: [
    {
      provide: TimerMetrics,
      inject: [Registry, Reads, QUEUE_STORE, getQueueToken(TIMERS_QUEUE)],
      useFactory: (registry: Registry, reads: Reads, store: QueueStore, queue: Queue<TimerJobData>) =>
        new TimerMetrics(registry, {
          overdue: () => countOverdue(reads.by(PATHKEEPER, "timers")),
          jobs: async () => (store.isReachable() ? queue.getJobCounts("waiting", "active", "delayed", "failed") : {}),
        }),
    },
    {
      provide: TimerBells,
      inject: [getQueueToken(TIMERS_QUEUE), QUEUE_STORE, CLOCK, TimerMetrics, CONFIG],
      useFactory: async (
        queue: Queue<TimerJobData>,
        store: QueueStore,
        clock: Clock,
        metrics: TimerMetrics,
        { timerHorizonMs }: Config,
      ) => {
        // What the queue cannot do is told by the command that fails; BullMQ prints an error that nobody listens to.
        queue.on("error", () => undefined);
        // On PostgreSQL a queue whose first connection failed never works again: better no start than such a one.
        if (store.kind === "postgres") await queue.waitUntilReady();
        return new TimerBells(queue, store, clock, metrics, { horizonMs: timerHorizonMs });
      },
    },
  ],
  exports: [TimerBells, TimerMetrics, BullModule],
})
export class BellsModule {}
