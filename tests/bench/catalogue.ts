/** Every figure that can be asked for, in the order of measuring. */
import { doctor, idleBytes } from "./at-rest.js";
import { burst } from "./burst.js";
import { catchUp } from "./catch-up.js";
import { followCohort, type Cohort } from "./cohort.js";
import { throughput, type Figure } from "./figure.js";
import { LANES } from "./lanes.js";
import { longHistory } from "./long-history.js";
import { followThroughHttp } from "./served.js";
import type { Servers } from "./servers.js";

interface Sizes {
  patients: number;
  overdue: number;
  folds: number;
}

const FULL: Sizes = { patients: 2_000, overdue: 100_000, folds: 20 };
const QUICK: Sizes = { patients: 200, overdue: 10_000, folds: 3 };

/** What figures of one run share. */
export class Run {
  readonly sizes: Sizes;
  private followed: Promise<Cohort> | null = null;

  constructor(
    readonly servers: Servers,
    quick: boolean,
  ) {
    this.sizes = quick ? QUICK : FULL;
  }

  /** Followed once, whichever figure asks first. */
  cohort(): Promise<Cohort> {
    return (this.followed ??= followCohort(this.servers, this.sizes.patients));
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
    about: "pure fold of 200 events of the first pathway",
    measure: ({ sizes }) => longHistory(sizes.folds),
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
      const { events, eventsFloor } = await run.cohort();
      return throughput("events", events, eventsFloor, `${events.count} events, ${LANES} at once`);
    },
  },
  {
    name: "events.http",
    about: "the same through HTTP, the server in a process of its own",
    measure: async (run) => {
      const { eventsFloor } = await run.cohort();
      const events = await followThroughHttp(run.servers, run.sizes.patients);
      return throughput("events.http", events, eventsFloor, `${events.count} requests, ${LANES} at once`);
    },
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
