/** Every figure that can be asked for, in the order of measuring. */
import { doctor, idleBytes } from "./at-rest.js";
import { burst } from "./burst.js";
import { catchUp } from "./catch-up.js";
import { doctorMemory, projectFromShell } from "./commands.js";
import { followCohort, HORIZON_MS, type Cohort } from "./cohort.js";
import { duration, quantiles, throughput, type Figure, type Work } from "./figure.js";
import { LANES } from "./lanes.js";
import { longEvents } from "./long-events.js";
import { longHistory } from "./long-history.js";
import type { Profiler } from "./profiler.js";
import { followThroughHttp } from "./served.js";
import type { Servers } from "./servers.js";

interface Sizes {
  patients: number;
  /** Patients followed by a single caller. */
  alone: number;
  pairs: number;
  overdue: number;
  folds: number;
  /** How often a command is started. */
  starts: number;
  /** Patients whom the doctor sees for its memory: few, then many. */
  seen: [few: number, many: number];
}

const FULL: Sizes = {
  patients: 2_000,
  alone: 64,
  pairs: 200,
  overdue: 100_000,
  folds: 20,
  starts: 15,
  seen: [2_000, 20_000],
};
const QUICK: Sizes = { patients: 200, alone: 16, pairs: 60, overdue: 10_000, folds: 3, starts: 5, seen: [500, 5_000] };

/** What figures of one run share. */
export class Run {
  readonly sizes: Sizes;
  private followed: Promise<Cohort> | null = null;

  constructor(
    readonly servers: Servers,
    readonly profiler: Profiler,
    quick: boolean,
  ) {
    this.sizes = quick ? QUICK : FULL;
  }

  /** Followed once, whichever figure asks first. */
  cohort(): Promise<Cohort> {
    const { patients, alone } = this.sizes;
    const figures = { enrolments: "enrolments", events: "events", alone: "events.alone" };
    const options = { patients, alone, horizonMs: HORIZON_MS, figures };
    return (this.followed ??= followCohort(this.servers, this.profiler, options));
  }

  async close(): Promise<void> {
    const cohort = await this.followed?.catch(() => null);
    await cohort?.close();
  }
}

export interface Measurable {
  name: string;
  about: string;
  measure(run: Run): Promise<Figure> | Figure;
}

const AT_ONCE = `${LANES} calls at once, each on another patient`;

export const CATALOGUE: readonly Measurable[] = [
  {
    name: "project.200",
    about: "pure fold of 200 events of the first pathway, beside bare XState making the same steps",
    measure: ({ sizes }) => longHistory(sizes.folds),
  },
  {
    name: "project.cli",
    about: "CPU time of pathways project from the shell, beyond that of node -e 0",
    measure: ({ servers, sizes }) => projectFromShell(servers, sizes.starts),
  },
  {
    name: "enrolments",
    about: `the engine called in process, ${AT_ONCE}`,
    measure: async (run) => {
      const { enrolments, enrolmentsFloor } = await run.cohort();
      return throughput("enrolments", enrolments, enrolmentsFloor, `${enrolments.count} enrolments, ${LANES} at once`);
    },
  },
  {
    name: "events",
    about: `the engine called in process, ${AT_ONCE}, until the last bell is rung`,
    measure: async (run) => {
      const { events, eventsFloor, alone } = await run.cohort();
      const p50 = ({ latenciesMs }: Work): string => `${quantiles(latenciesMs).p50.toFixed(1)} ms`;
      const single = `alone p50: ${p50(alone.events)}; floor alone p50: ${p50(alone.eventsFloor)}`;
      return throughput("events", events, eventsFloor, `${events.count} events, ${LANES} at once (${single})`);
    },
  },
  {
    name: "events.alone",
    about: "one call of the engine by a single caller",
    measure: async (run) => {
      const { events, eventsFloor } = (await run.cohort()).alone;
      const note = `${events.count} events, one at a time`;
      return duration("events.alone", events.latenciesMs, eventsFloor.latenciesMs, note);
    },
  },
  {
    name: "events.allJobs",
    about: "as events, with every timer a job; BullMQ on Redis where there is one",
    measure: async ({ servers, profiler, sizes }) => {
      const figures = { events: "events.allJobs" };
      const options = { patients: sizes.patients, alone: 0, horizonMs: null, figures };
      const { events, eventsFloor, close } = await followCohort(servers, profiler, options);
      await close();
      const backend = servers.redisUrl === null ? "PostgreSQL" : "Redis";
      const note = `${events.count} events, ${LANES} at once, BullMQ on ${backend}`;
      return throughput("events.allJobs", events, eventsFloor, note);
    },
  },
  {
    name: "events.http",
    about: "as events, through HTTP, server and client in processes of their own",
    measure: async (run) => {
      const { eventsFloor } = await run.cohort();
      const events = await followThroughHttp(run.servers, run.profiler, run.sizes.patients);
      return throughput("events.http", events, eventsFloor, `${events.count} requests, ${LANES} at once`);
    },
  },
  {
    name: "events.long",
    about: "one event on a history of 2,000 records by one on a history of 20",
    measure: ({ servers, profiler, sizes }) => longEvents(servers, profiler, sizes.pairs),
  },
  {
    name: "idle.bytes",
    about: "bytes in PostgreSQL per patient who waits, indexes included",
    measure: async (run) => idleBytes(await run.cohort()),
  },
  {
    name: "doctor",
    about: "state, rows and jobs of all these patients compared",
    measure: async (run) => doctor(await run.cohort(), run.servers),
  },
  {
    name: "doctor.memory",
    about: "peak memory of pathkeeper doctor with many patients, beside that with few",
    measure: ({ servers, sizes }) => doctorMemory(servers, ...sizes.seen),
  },
  {
    name: "timers.burst2k",
    about: "2,000 timers due at one instant, until the last is fired; BullMQ on Redis where there is one",
    measure: async (run) => {
      const { eventsFloor } = await run.cohort();
      const { redisUrl } = run.servers;
      return burst(run.servers, { name: "timers.burst2k", count: 2_000, redisUrl }, eventsFloor);
    },
  },
  {
    name: "timers.burst2k.postgres",
    about: "the same with BullMQ on PostgreSQL",
    measure: async (run) => {
      const { eventsFloor } = await run.cohort();
      return burst(run.servers, { name: "timers.burst2k.postgres", count: 2_000, redisUrl: null }, eventsFloor);
    },
  },
  {
    name: "timers.burst20k",
    about: "20,000 timers due at one instant; BullMQ on Redis where there is one",
    measure: async (run) => {
      const { eventsFloor } = await run.cohort();
      const { redisUrl } = run.servers;
      return burst(run.servers, { name: "timers.burst20k", count: 20_000, redisUrl }, eventsFloor);
    },
  },
  {
    name: "timers.catchup",
    about: "100,000 timers overdue after an outage, until the sweeper has fired the last",
    measure: async (run) => {
      const { eventsFloor } = await run.cohort();
      return catchUp(run.servers, run.sizes.overdue, eventsFloor);
    },
  },
];
