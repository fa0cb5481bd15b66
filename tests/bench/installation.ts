/** One installation built by hand in this process: a database of its own, the engine, its bells. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Logger, type LoggerService } from "@nestjs/common";
import { Queue } from "bullmq";
import { Registry } from "prom-client";
import type { DataSource } from "typeorm";
import {
  assembleEngine,
  type Engine,
  type EnrolmentViews,
  PatientVault,
  type Actor,
  type Answer,
  type Command,
  type Idempotency,
} from "../../src/engine/index.js";
import { ENTITIES } from "../../src/entities.js";
import { PathwayRegistry } from "../../src/pathways/index.js";
import { systemClock, type Clock } from "../../src/platform/clock.js";
import { connectAsApplication, prepareDatabase } from "../../src/platform/prepare-database.js";
import { openQueueStore, type QueueStore } from "../../src/platform/queues.js";
import { Sealing } from "../../src/platform/sealing.js";
import { Transactions } from "../../src/platform/transactions.js";
import { Reads } from "../../src/reads/index.js";
import { Sites } from "../../src/sites/index.js";
import { JOB_OPTIONS, TimerBells, TIMERS_QUEUE, type TimerJobData } from "../../src/timers/index.js";
import { TimerMetrics } from "../../src/timers/timer-metrics.js";
import { databaseUrl, query } from "../support/template.js";
import { DOCUMENT, PATHWAY, type Happening, type Reporter, type Story } from "./patients.js";
import type { Servers } from "./servers.js";

const CACHE_BYTES = 128 * 1024 * 1024;
export const PATIENT_KEY = Buffer.alloc(32, 7);

/** A database with the schema, one site and the first pathway; dropped at the end. */
export interface BenchDatabase {
  url: string;
  drop(): Promise<void>;
}

export async function createDatabase({ postgresUrl }: Servers): Promise<BenchDatabase> {
  const name = `pathkeeper_bench_${process.pid}_${randomBytes(4).toString("hex")}`;
  await query(postgresUrl, `create database ${name}`);
  const url = databaseUrl(postgresUrl, name);
  const drop = async (): Promise<void> => void (await query(postgresUrl, `drop database ${name} with (force)`));
  try {
    await prepareDatabase(url, new Sealing(PATIENT_KEY));
    return { url, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

export interface InstallationOptions {
  clock?: Clock;
  /** Timers due later have no job. Null: each has one. */
  horizonMs: number | null;
  /** Null: BullMQ runs on PostgreSQL. */
  redisUrl: string | null;
}

export class Installation {
  readonly sealing = new Sealing(PATIENT_KEY);

  private constructor(
    readonly database: BenchDatabase,
    readonly dataSource: DataSource,
    readonly reads: Reads,
    readonly transactions: Transactions,
    readonly store: QueueStore,
    readonly queue: Queue<TimerJobData>,
    readonly bells: TimerBells,
    readonly engine: Engine,
    readonly views: EnrolmentViews,
    readonly clock: Clock,
  ) {}

  static async open(servers: Servers, options: InstallationOptions): Promise<Installation> {
    Logger.overrideLogger(TO_STDERR);
    const { clock = systemClock, horizonMs, redisUrl } = options;
    const database = await createDatabase(servers);
    const dataSource = await connectAsApplication(database.url, { entities: ENTITIES });
    const prefix = `{${new URL(database.url).pathname.slice(1)}}`;
    const store = await openQueueStore({ redisUrl, databaseUrl: database.url, prefix });
    const queue = new Queue<TimerJobData>(TIMERS_QUEUE, { ...store, defaultJobOptions: JOB_OPTIONS });
    await queue.waitUntilReady();
    const metrics = new TimerMetrics(new Registry());
    const bells = new TimerBells(queue, store, clock, metrics, { horizonMs });
    const [reads, transactions] = [new Reads(dataSource), new Transactions(dataSource)];
    const registry = new PathwayRegistry(reads, transactions);
    const sites = new Sites(reads);
    const vault = new PatientVault(new Sealing(PATIENT_KEY));
    const { engine, views } = assembleEngine({
      ...{ dataSource, vault, pathways: registry, calendars: sites, clock, historyCacheBytes: CACHE_BYTES },
    });
    engine.listen((committed) => bells.committed(committed));
    engine.listen((committed) => metrics.committed(committed));
    const site = { id: "main", name: "Main", calendar: CALENDAR, onCall: {} };
    await transactions.transaction((sql) => sites.add(sql, site, "bench"));
    const publication = await registry.publish(await readFile(DOCUMENT, "utf8"), "bench");
    if (publication.kind !== "published") throw new Error(`The first pathway is not published: ${publication.kind}.`);
    return new Installation(database, dataSource, reads, transactions, store, queue, bells, engine, views, clock);
  }

  async execute(command: Command): Promise<Answer> {
    const answer = await this.engine.execute(command);
    if (answer.kind === "refused") throw new Error(`Refused: ${JSON.stringify(answer.refusal)}`);
    return answer;
  }

  async enrol({ patient }: Story, occurredAt?: number): Promise<string> {
    const body = { pathway: PATHWAY, site: "main", patient, events: [], occurredAt };
    const idempotency = keyFor("POST /api/enrolments", body);
    const answer = await this.execute({ kind: "enrol", actor: actor("coordinator"), idempotency, ...body });
    if (answer.kind !== "enrolled") throw new Error(`Not enrolled: ${answer.kind}.`);
    return answer.snapshot.id;
  }

  async report(enrolmentId: string, { type, by, data, note }: Happening): Promise<void> {
    const event = { type, data, note };
    const idempotency = keyFor(`POST /api/enrolments/${enrolmentId}/events`, event);
    await this.execute({ kind: "report", actor: actor(by), idempotency, enrolmentId, event });
  }

  async recordsOf(enrolmentId: string): Promise<number> {
    const [row] = await this.dataSource.query<{ seq: number }[]>("select seq from enrolment where id = $1", [
      enrolmentId,
    ]);
    return row!.seq;
  }

  /** Until the last bell is rung. */
  async settle(): Promise<void> {
    await this.bells.settle(60_000);
  }

  async close(): Promise<void> {
    await this.bells.close();
    await this.queue.obliterate({ force: true });
    await this.queue.close();
    await this.store.close();
    await this.dataSource.destroy();
    await this.database.drop();
  }
}

const complain = (message: unknown): void => void process.stderr.write(`${String(message)}\n`);
/** Standard output is the report's. */
const TO_STDERR: LoggerService = { log: () => undefined, warn: complain, error: complain };

const CALENDAR = { version: 1, timeZone: "UTC", workingDays: [1, 2, 3, 4, 5], holidays: [] };

function actor(role: Reporter): Actor {
  return { person: role, roles: [role] };
}

function keyFor(route: string, body: unknown): Idempotency {
  return { route, key: randomBytes(12).toString("hex"), request: JSON.stringify(body) };
}
