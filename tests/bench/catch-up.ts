/** An installation that stood still: what fell due meanwhile is fired by the sweeper, beside people who read. */
import type { EnrolmentViews } from "../../src/engine/index.js";
import { sqlOf, type Sql } from "../../src/platform/statement.js";
import { TimerSweeper } from "../../src/timers/timer-sweeper.js";
import { DUE_AT, ENROLLED_AT, firingFigure, Firings, SetClock } from "./burst.js";
import { quantiles, type Figure, type Work } from "./figure.js";
import { Installation } from "./installation.js";
import { Random } from "./random.js";
import { seed } from "./seeded.js";
import type { Servers } from "./servers.js";

const OUTAGE_MS = 10 * 60_000;
const READ_EVERY_MS = 50;
const IDLE_READS = 100;

export async function catchUp(servers: Servers, count: number, floor: Work): Promise<Figure> {
  const clock = new SetClock(ENROLLED_AT);
  const installation = await Installation.open(servers, { clock, horizonMs: 0, redisUrl: servers.redisUrl });
  try {
    await seed(installation, count, ENROLLED_AT);
    const { dataSource, reads, transactions, engine, views } = installation;
    const readers = new Readers(sqlOf(dataSource.manager), views);
    readers.ids = (await dataSource.query<{ id: string }[]>("select id from enrolment limit 1000")).map(({ id }) => id);
    const idle = await readers.read(IDLE_READS);
    await clock.set(DUE_AT + OUTAGE_MS, installation.database.url);
    const firings = new Firings(installation, count);
    const sweeper = new TimerSweeper(reads, transactions, engine);
    sweeper.start();
    try {
      let isOver = false;
      const last = firings.last.finally(() => (isOver = true));
      const meanwhile = await readers.read(Infinity, () => isOver);
      const elapsedMs = (await last) - firings.began;
      const note = `${count} overdue by ${OUTAGE_MS / 60_000} minutes; ${firings.by()}; a read meanwhile p95 ${readMs(meanwhile)} ms, idle ${readMs(idle)} ms; patients copied from one`;
      return firingFigure("timers.catchup", { count, elapsedMs, latenciesMs: firings.latenesses }, floor, note);
    } finally {
      await sweeper.stop();
    }
  } finally {
    await installation.close();
  }
}

/** Somebody who looks at one enrolment after the other, at a steady pace. */
class Readers {
  ids: string[] = [];
  private readonly random = new Random(1);

  constructor(
    private readonly sql: Sql,
    private readonly views: EnrolmentViews,
  ) {}

  /** Milliseconds of each read, the drawing of state and tasks included. */
  async read(count: number, until: () => boolean = () => false): Promise<number[]> {
    const took: number[] = [];
    while (took.length < count && !until()) {
      const began = performance.now();
      const snapshot = await this.views.snapshot(this.sql, this.random.pick(this.ids));
      if (!snapshot || snapshot.tasks.length === 0) throw new Error("A patient who waits has tasks.");
      took.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
    }
    return took;
  }
}

function readMs(took: readonly number[]): string {
  return quantiles(took).p95.toFixed(1);
}
