/**
 * Many timers due at one instant: patients enrolled four weeks before it, whose first pain check falls due then. The
 * clock runs at its ordinary pace and is set, in TypeScript and in SQL alike, so that the instant comes soon.
 */
import type { Clock } from "../../src/platform/clock.js";
import { createDataSource } from "../../src/platform/database.js";
import { TimerPromoter } from "../../src/timers/timer-promoter.js";
import { TimerSweeper } from "../../src/timers/timer-sweeper.js";
import { TimerWorker } from "../../src/timers/timer-worker.js";
import { until } from "../support/until.js";
import { quantiles, type Figure } from "./figure.js";
import { Installation } from "./installation.js";
import { workOff } from "./lanes.js";
import { stories } from "./patients.js";
import type { Servers } from "./servers.js";

const ENROLLED_AT = Date.parse("2026-01-05T08:00:00Z");
const DUE_AT = Date.parse("2026-02-02T09:00:00Z");
/** Time to enrol everybody before the instant comes. */
const LEAD_MS = 5_000;
const LEAD_PER_PATIENT_MS = 10;
const PATIENCE_MS = 120_000;

interface FiredRow {
  lateness: number;
  by: "job" | "sweep" | "event";
}

export async function burst(servers: Servers, name: string, count: number, redisUrl: string | null): Promise<Figure> {
  const aheadMs = DUE_AT - LEAD_MS - count * LEAD_PER_PATIENT_MS - Date.now();
  const clock: Clock = { now: () => Date.now() + aheadMs };
  const installation = await Installation.open(servers, { clock, horizonMs: null, redisUrl });
  try {
    await moveDatabaseClock(installation.database.url, aheadMs);
    await workOff(
      stories(count).map((story) => [story]),
      async (story) => void (await installation.enrol(story, ENROLLED_AT)),
      () => installation.settle(),
    );
    const left = DUE_AT - clock.now();
    if (left < 0) throw new Error(`Enrolling ${count} patients took ${-left} ms longer than there was time for.`);
    const fired = await fireAll(installation, count);
    const { p50, p95, p99, max } = quantiles(fired.map(({ lateness }) => lateness));
    const by = (waker: FiredRow["by"]): number => fired.filter((row) => row.by === waker).length;
    const backend = redisUrl === null ? "PostgreSQL" : "Redis";
    const note = `${count} timers, BullMQ on ${backend}; fired by jobs ${by("job")}, by the sweeper ${by("sweep")}`;
    return { name, value: p50, unit: "ms", p50, p95, p99, max, note };
  } finally {
    await installation.close();
  }
}

/** Everything that wakes timers in an ordinary process. */
async function fireAll(installation: Installation, count: number): Promise<FiredRow[]> {
  const { store, queue, engine, dataSource, clock } = installation;
  const promoter = new TimerPromoter(queue, dataSource, clock, null);
  const worker = new TimerWorker(store, engine, clock, promoter);
  const sweeper = new TimerSweeper(dataSource, engine);
  worker.start();
  sweeper.start();
  try {
    return await until(
      async () => {
        const fired = await dataSource.query<FiredRow[]>(FIRED, [new Date(DUE_AT).toISOString()]);
        return fired.length >= count ? fired : null;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 500, what: `${count} timers to fire` },
    );
  } finally {
    await Promise.all([worker.close(), sweeper.stop()]);
  }
}

const FIRED = `
  select (detail ->> 'latenessMs')::float8 as lateness, detail ->> 'firedBy' as by from record
  where type = 'timer.fired' and occurred_at = $1::timestamptz`;

async function moveDatabaseClock(url: string, aheadMs: number): Promise<void> {
  const owner = await createDataSource(url, { role: "owner", poolSize: 1 }).initialize();
  try {
    await owner.query(
      `create or replace function pathkeeper_now() returns timestamptz language sql volatile
       as $$ select clock_timestamp() + interval '${Math.round(aheadMs)} milliseconds' $$`,
    );
  } finally {
    await owner.destroy();
  }
}
