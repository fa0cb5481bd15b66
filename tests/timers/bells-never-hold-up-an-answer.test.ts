import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Logger } from "@nestjs/common";
import { Queue } from "bullmq";
import { Registry } from "prom-client";
import { openQueueStore, type QueueStore } from "../../src/platform/queues.js";
import { systemClock } from "../../src/platform/clock.js";
import { TimerBells } from "../../src/timers/timer-bells.js";
import { JOB_OPTIONS, TIMERS_QUEUE, type TimerJobData } from "../../src/timers/timer-jobs.js";
import { TimerMetrics } from "../../src/timers/timer-metrics.js";
import { until } from "../support/until.js";
import { OwnRedis } from "./support/own-redis.js";

const bell = (n: number) =>
  ({
    kind: "armed",
    enrolmentId: "enrolment",
    timerId: `timer-${n}`,
    generation: 1,
    name: "ticking/soon",
    dueAt: Date.now() + 3_600_000,
  }) as const;

describe("bells for a queue that takes none", () => {
  let redis: OwnRedis;
  let store: QueueStore;
  let queue: Queue<TimerJobData>;
  let registry: Registry;
  let bells: TimerBells;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    redis = await OwnRedis.reserve();
    store = await openQueueStore({ redisUrl: redis.url, databaseUrl: "" });
    const { connection, prefix } = store;
    queue = new Queue(TIMERS_QUEUE, { connection, prefix, defaultJobOptions: JOB_OPTIONS });
    registry = new Registry();
    bells = new TimerBells(queue, store, systemClock, new TimerMetrics(registry), { horizonMs: null, capacity: 10 });
  });
  afterEach(async () => {
    redis.recover();
    await bells.close();
    await queue.close();
    await store.close();
    await redis.kill();
  });

  const metric = async (name: string): Promise<string | undefined> =>
    (await registry.metrics()).split("\n").find((line) => line.startsWith(`${name} `));

  it("wait in memory and go out in order when it comes", async () => {
    bells.ring([bell(1), bell(2)]);
    bells.ring([{ ...bell(2), kind: "disarmed" }]);
    expect(await metric("pathkeeper_bells_waiting")).toBe("pathkeeper_bells_waiting 3");
    await redis.start();
    await until(async () => (await queue.getJobCounts("delayed"))["delayed"] === 1, {
      what: "the one bell that is left",
    });
    expect(await queue.getJob("timer-1-1")).toBeDefined();
    expect(await queue.getJob("timer-2-1")).toBeUndefined();
    expect(await metric("pathkeeper_bells_lost_total")).toBe("pathkeeper_bells_lost_total 0");
  });

  it("are lost, the oldest first, when too many wait, and counted", async () => {
    bells.ring(Array.from({ length: 14 }, (_, n) => bell(n)));
    expect(await metric("pathkeeper_bells_lost_total")).toBe("pathkeeper_bells_lost_total 4");
    await redis.start();
    await until(async () => (await queue.getJobCounts("delayed"))["delayed"] === 10, { what: "the ten newest bells" });
    expect(await queue.getJob("timer-3-1")).toBeUndefined();
    expect(await queue.getJob("timer-4-1")).toBeDefined();
  });

  it("keep an orderly end waiting for a moment only", async () => {
    await redis.start();
    await until(() => store.isReachable(), { what: "a connection" });
    redis.hang();
    bells.ring([bell(1)]);
    await bells.close();
    expect(await metric("pathkeeper_bells_lost_total")).toBe("pathkeeper_bells_lost_total 1");
  });
});
