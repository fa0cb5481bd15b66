import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Logger } from "@nestjs/common";
import { Queue } from "bullmq";
import { Registry } from "prom-client";
import type { Instant } from "../../../src/core/index.js";
import type { Answer, Command, Engine } from "../../../src/engine/index.js";
import { systemClock, type Clock } from "../../../src/platform/clock.js";
import { openQueueStore, type QueueStore } from "../../../src/platform/queues.js";
import { Transactions } from "../../../src/platform/transactions.js";
import { Reads } from "../../../src/reads/index.js";
import { JOB_OPTIONS, TIMERS_QUEUE, type TimerJobData } from "../../../src/timers/timer-jobs.js";
import { TimerBells } from "../../../src/timers/timer-bells.js";
import { TimerMetrics } from "../../../src/timers/timer-metrics.js";
import { TimerPromoter } from "../../../src/timers/timer-promoter.js";
import { TimerSweeper, type SweeperSettings } from "../../../src/timers/timer-sweeper.js";
import { TimerWorker, type WorkerSettings } from "../../../src/timers/timer-worker.js";
import { createTestDatabase, type TestDatabase } from "../../support/database.js";
import { testRedis } from "../../support/redis.js";
import { makeEngine, registryOn } from "./engine.js";

export const BACKENDS = ["redis", "postgres"] as const;
export type Backend = (typeof BACKENDS)[number];

export interface InstallationOptions {
  clock?: (database: TestDatabase) => Promise<Clock>;
  /** Instead of the run's Redis. */
  redisUrl?: string;
  horizonMs?: number;
}

export interface TimerFound {
  id: string;
  state: string;
  name: string;
  dueAt: Instant;
  status: string;
  generation: number;
}

/** One installation with the pathway "ticking", its engine and its bells; what wakes timers is started by the test. */
export class Installation {
  readonly actor = { person: "clinician", roles: ["clinician", "coordinator"] } as const;
  readonly reads: Reads;
  readonly transactions: Transactions;
  private readonly endings: (() => Promise<unknown> | void)[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly clock: Clock,
    readonly store: QueueStore,
    readonly queue: Queue<TimerJobData>,
    readonly registry: Registry,
    readonly bells: TimerBells,
    readonly engine: Engine,
    readonly horizonMs: number | null,
  ) {
    this.reads = new Reads(database.app);
    this.transactions = new Transactions(database.app);
  }

  static async open(backend: Backend, { clock, redisUrl, horizonMs }: InstallationOptions = {}): Promise<Installation> {
    Logger.overrideLogger(false);
    const database = await createTestDatabase();
    const redis = backend === "redis" ? { url: redisUrl ?? testRedis().url, prefix: `{${testRedis().prefix}}` } : null;
    const store = await openQueueStore({ databaseUrl: database.url, redisUrl: redis?.url, prefix: redis?.prefix });
    const { connection, prefix } = store;
    const queue = new Queue<TimerJobData>(TIMERS_QUEUE, { connection, prefix, defaultJobOptions: JOB_OPTIONS });
    const time = clock ? await clock(database) : systemClock;
    const registry = new Registry();
    const metrics = new TimerMetrics(registry);
    const bells = new TimerBells(queue, store, time, metrics, { horizonMs: horizonMs ?? null });
    const engine = await makeEngine(database, time);
    engine.listen((committed) => bells.committed(committed));
    engine.listen((committed) => metrics.committed(committed));
    const published = await registryOn(database.app).publish(await readFile(DOCUMENT, "utf8"), "admin");
    if (published.kind !== "published") throw new Error(JSON.stringify(published));
    return new Installation(database, time, store, queue, registry, bells, engine, horizonMs ?? null);
  }

  /** Jobs alone: no sweeper runs unless a test starts one. */
  startWorker(settings: WorkerSettings = {}, engine: Pick<Engine, "execute"> = this.engine): TimerWorker {
    const due = new TimerSweeper(this.reads, this.transactions, engine, { graceMs: 0, by: "job" });
    const worker = new TimerWorker(this.store, engine, this.clock, this.promoter(), due, settings);
    worker.start();
    this.endings.push(() => worker.close());
    return worker;
  }

  /** The sweeper alone: no worker runs unless a test starts one. */
  startSweeper(settings: SweeperSettings = {}, engine: Pick<Engine, "execute"> = this.engine): TimerSweeper {
    const sweeper = new TimerSweeper(this.reads, this.transactions, engine, {
      graceMs: 200,
      everyMs: 100,
      ...settings,
    });
    sweeper.start();
    this.endings.push(() => sweeper.stop());
    return sweeper;
  }

  startPromoter(): TimerPromoter {
    const promoter = this.promoter();
    promoter.start();
    this.endings.push(() => promoter.stop());
    return promoter;
  }

  promoter(): TimerPromoter {
    return new TimerPromoter(this.queue, this.reads, this.clock, this.horizonMs);
  }

  async execute(command: Command): Promise<Answer> {
    const answer = await this.engine.execute(command);
    if (answer.kind === "refused") throw new Error(JSON.stringify(answer.refusal));
    return answer;
  }

  /** A patient of its own. */
  async enrol(occurredAt?: Instant): Promise<string> {
    const answer = await this.execute({
      kind: "enrol",
      actor: this.actor,
      idempotency: this.newKey(),
      pathway: "ticking",
      site: "main",
      occurredAt,
      events: [],
      patient: {
        identifiers: [{ system: "urn:test", value: randomUUID() }],
        familyName: "Doe",
        givenName: "Jo",
        birthDate: "1960-01-01",
      },
    });
    if (answer.kind !== "enrolled") throw new Error(`Not enrolled: ${answer.kind}`);
    return answer.snapshot.id;
  }

  async report(enrolmentId: string, type: string, occurredAt?: Instant): Promise<void> {
    const data = REASONS[type] ?? {};
    const event = { type, data, occurredAt };
    await this.execute({ kind: "report", actor: this.actor, idempotency: this.newKey(), enrolmentId, event });
  }

  async timer(enrolmentId: string, name: string): Promise<TimerFound> {
    const [row] = await this.database.app.query<TimerFound[]>(
      `SELECT id, state, name, due_at AS "dueAt", status, generation FROM timer WHERE enrolment_id = $1 AND name = $2`,
      [enrolmentId, name],
    );
    if (!row) throw new Error(`There is no row of the timer ${name}.`);
    return row;
  }

  /** What is on record of the firings of a timer, oldest first. */
  async firings(enrolmentId: string, name: string): Promise<{ firedBy: string; dueAt: Instant; latenessMs: number }[]> {
    const rows = await this.database.app.query<{ detail: { firedBy: string; dueAt: Instant; latenessMs: number } }[]>(
      `SELECT detail FROM record
        WHERE enrolment_id = $1 AND type = 'timer.fired' AND detail ->> 'name' = $2 ORDER BY seq`,
      [enrolmentId, name],
    );
    return rows.map(({ detail }) => detail);
  }

  /** Ids of all jobs that will ring. */
  async jobIds(): Promise<string[]> {
    const jobs = await this.queue.getJobs(["delayed", "waiting", "active", "prioritized"]);
    return jobs.flatMap((job) => job?.id ?? []).sort();
  }

  async metric(line: string): Promise<number> {
    const found = (await this.registry.metrics()).split("\n").find((each) => each.startsWith(`${line} `));
    if (found === undefined) throw new Error(`There is no metric ${line}.`);
    return Number(found.slice(line.length + 1));
  }

  async close(): Promise<void> {
    for (const end of this.endings.reverse()) await end();
    await this.bells.close();
    await this.queue.close();
    await this.store.close();
    await this.database.drop();
  }

  private newKey(): { route: string; key: string; request: string } {
    return { route: "test", key: randomUUID(), request: "{}" };
  }
}

const REASONS: Record<string, { reason: string }> = {
  "pathway.paused": { reason: "a holiday" },
  "pathway.exited": { reason: "completed" },
};
const DOCUMENT = new URL("ticking.yaml", import.meta.url);
