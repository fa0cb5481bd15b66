/**
 * Many timers due at one instant: patients enrolled four weeks before it, whose first pain check falls due then. The
 * clock runs at its ordinary pace and is set, in TypeScript and in SQL alike, so that the instant comes soon.
 */
import type { Committed, WokenBy } from "../../src/engine/index.js";
import type { Clock } from "../../src/platform/clock.js";
import { createDataSource } from "../../src/platform/database.js";
import { TimerPromoter } from "../../src/timers/timer-promoter.js";
import { TimerSweeper } from "../../src/timers/timer-sweeper.js";
import { TimerWorker } from "../../src/timers/timer-worker.js";
import { perSecond, quantiles, type Figure, type Work } from "./figure.js";
import { Installation } from "./installation.js";
import { seed } from "./seeded.js";
import type { Servers } from "./servers.js";

export const ENROLLED_AT = Date.parse("2026-01-05T08:00:00Z");
export const DUE_AT = Date.parse("2026-02-02T09:00:00Z");
/** Time to make a job for each timer before the instant comes. */
const LEAD_MS = 3_000;
const LEAD_PER_TIMER_MS = 1;
const PATIENCE_MS = 300_000;

interface Burst {
  name: string;
  count: number;
  /** Null: BullMQ runs on PostgreSQL. */
  redisUrl: string | null;
}

export async function burst(servers: Servers, { name, count, redisUrl }: Burst, floor: Work): Promise<Figure> {
  const clock = new SetClock(ENROLLED_AT);
  const installation = await Installation.open(servers, { clock, horizonMs: 0, redisUrl });
  try {
    await seed(installation, count, ENROLLED_AT);
    await clock.set(DUE_AT - LEAD_MS - count * LEAD_PER_TIMER_MS, installation.database.url);
    const { store, queue, engine, reads, transactions } = installation;
    const promoter = new TimerPromoter(queue, reads, clock, null);
    const promoted = await promoter.promote();
    const left = DUE_AT - clock.now();
    if (left < 0) throw new Error(`Making ${promoted} jobs took ${-left} ms longer than there was time for.`);
    const firings = new Firings(installation, count);
    const due = new TimerSweeper(reads, transactions, engine, { graceMs: 0, by: "job" });
    const worker = new TimerWorker(store, engine, clock, promoter, due);
    const sweeper = new TimerSweeper(reads, transactions, engine);
    worker.start();
    sweeper.start();
    try {
      const elapsedMs = (await firings.last) - left - firings.began;
      const backend = redisUrl === null ? "PostgreSQL" : "Redis";
      const note = `${count} timers, BullMQ on ${backend}; ${firings.by()}; patients copied from one`;
      return firingFigure(name, { count, elapsedMs, latenciesMs: firings.latenesses }, floor, note);
    } finally {
      await Promise.all([worker.close(), sweeper.stop()]);
    }
  } finally {
    await installation.close();
  }
}

/** `value`: until the last is fired and committed. p50 to max: lateness, as it stands on record. */
export function firingFigure(name: string, work: Work, floor: Work, note: string): Figure {
  const value = perSecond(work);
  const beside = { floor: perSecond(floor), ratio: value / perSecond(floor) };
  return { name, value, unit: "per second", ...quantiles(work.latenciesMs), ...beside, note };
}

/** Hears of every firing, as any listener does: after its commit. */
export class Firings {
  readonly began = performance.now();
  readonly latenesses: number[] = [];
  private readonly counts = new Map<WokenBy, number>();
  /** When the last one was heard of. */
  readonly last: Promise<number>;

  constructor({ engine }: Installation, count: number) {
    this.last = new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`${this.latenesses.length} of ${count} timers fired in time.`)),
        PATIENCE_MS,
      );
      engine.listen((committed) => {
        this.take(committed);
        if (this.latenesses.length < count) return;
        clearTimeout(late);
        resolve(performance.now());
      });
    });
  }

  by(): string {
    const of = (waker: WokenBy): number => this.counts.get(waker) ?? 0;
    return `fired by jobs ${of("job")}, by the sweeper ${of("sweep")}`;
  }

  private take(committed: readonly Committed[]): void {
    for (const { by, latenessMs } of committed.flatMap(({ fired }) => fired)) {
      this.counts.set(by, (this.counts.get(by) ?? 0) + 1);
      this.latenesses.push(latenessMs);
    }
  }
}

/** Runs at the ordinary pace from wherever it is set. */
export class SetClock implements Clock {
  private aheadMs: number;

  constructor(now: number) {
    this.aheadMs = now - Date.now();
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** In SQL too. */
  async set(now: number, databaseUrl: string): Promise<void> {
    this.aheadMs = now - Date.now();
    const owner = await createDataSource(databaseUrl, { role: "owner", poolSize: 1 }).initialize();
    try {
      await owner.query(
        `create or replace function pathkeeper_now() returns timestamptz language sql volatile
         as $$ select clock_timestamp() + interval '${Math.round(this.aheadMs)} milliseconds' $$`,
      );
    } finally {
      await owner.destroy();
    }
  }
}
