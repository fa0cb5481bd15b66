import { Queue } from "bullmq";
import { Registry } from "prom-client";
import type { DataSource } from "typeorm";
import { assembleEngine, PatientVault } from "../engine/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { Broadcast } from "../platform/broadcast.js";
import { systemClock } from "../platform/clock.js";
import { Sites } from "../sites/index.js";
import { Announcer } from "../stream/index.js";
import { urlForRole } from "../platform/database.js";
import { openQueueStore } from "../platform/queues.js";
import type { Sealing } from "../platform/sealing.js";
import { StartError } from "../platform/start-error.js";
import { withTimeLimit } from "../platform/time-limit.js";
import { Transactions } from "../platform/transactions.js";
import { Reads } from "../reads/index.js";
import {
  type Diagnosis,
  Doctor,
  type DoctorOptions,
  Examiner,
  JOB_OPTIONS,
  TimerBells,
  type TimerJobData,
  TimerMetrics,
  TIMERS_QUEUE,
} from "../timers/index.js";

/** What the doctor of an installation works on, beside the processes that serve it. */
export interface Patient {
  /** Connected as the application. */
  dataSource: DataSource;
  sealing: Sealing;
  databaseUrl: string;
  redisUrl: string | null;
}

export interface OpenDoctor {
  run(): Promise<Diagnosis>;
  close(): Promise<void>;
}

/** Without an answer by then there is no queue to compare with. */
const PATIENCE_MS = 10_000;

export async function openDoctor(
  { dataSource, sealing, databaseUrl, redisUrl }: Patient,
  options: DoctorOptions,
): Promise<OpenDoctor> {
  const store = await openQueueStore({ databaseUrl, redisUrl });
  const queue = new Queue<TimerJobData>(TIMERS_QUEUE, { ...store, defaultJobOptions: JOB_OPTIONS });
  const bells = new TimerBells(queue, store, systemClock, new TimerMetrics(new Registry()), options);
  const close = async (): Promise<void> => {
    await bells.close();
    await queue.close();
    await store.close();
  };
  const ready = queue.waitUntilReady().then(() => true);
  if (!(await withTimeLimit(PATIENCE_MS, ready, false))) {
    await close();
    throw new StartError("The queue of REDIS_URL does not answer: start Redis, then ask the doctor again.");
  }
  const vault = new PatientVault(sealing);
  const [reads, transactions] = [new Reads(dataSource), new Transactions(dataSource)];
  const { engine, loader, rulebook } = assembleEngine({
    ...{ dataSource, vault, pathways: new PathwayRegistry(reads, transactions), calendars: new Sites(reads) },
    // The doctor looks at what is there, at nothing that it remembers.
    ...{ clock: systemClock, historyCacheBytes: 0 },
  });
  const examiner = new Examiner(loader, rulebook);
  engine.listen((committed) => bells.committed(committed));
  const doctor = new Doctor(reads, examiner, engine, queue, bells, systemClock, options);
  if (!options.repair) return { run: () => doctor.run(), close };
  // Whoever has one of these patients on the screen sees it mended.
  const announcer = new Announcer(new Broadcast(urlForRole(databaseUrl, "app")), engine);
  await announcer.start();
  return { run: () => doctor.run(), close: () => announcer.close().then(close) };
}
