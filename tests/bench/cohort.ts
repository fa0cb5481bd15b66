/**
 * Patients who are enrolled and followed, by the engine in this process and again by the floor, in turns, so that
 * whatever else the machine does meets both. What it leaves in the database is measured by other figures.
 */
import { Capture } from "./captured.js";
import { NO_WORK, together, type Work } from "./figure.js";
import { Floor } from "./floor.js";
import { createDatabase, Installation } from "./installation.js";
import { LANES, workOff } from "./lanes.js";
import { stories, type Story } from "./patients.js";
import type { Profiler } from "./profiler.js";
import type { Servers } from "./servers.js";

/** What the engine did, and the same rows written by the floor. */
export interface Followed {
  enrolments: Work;
  events: Work;
  enrolmentsFloor: Work;
  eventsFloor: Work;
}

export interface Cohort extends Followed {
  installation: Installation;
  patients: number;
  /** Followed after the others by a single caller. */
  alone: Followed;
  close(): Promise<void>;
}

export interface CohortOptions {
  patients: number;
  /** How many more are followed by a single caller. */
  alone: number;
  /** Timers due later have no job. Null: each has one. */
  horizonMs: number | null;
  /** The figures that are made of it. */
  figures: { enrolments?: string; events: string; alone?: string };
}

/** As a large installation is set (`TIMER_HORIZON=P1D`). */
export const HORIZON_MS = 24 * 3_600_000;
const WARM_UP = 2 * LANES;
const TURNS = 4;
const NOTHING: Followed = { enrolments: NO_WORK, events: NO_WORK, enrolmentsFloor: NO_WORK, eventsFloor: NO_WORK };

export async function followCohort(servers: Servers, profiler: Profiler, options: CohortOptions): Promise<Cohort> {
  const { patients, alone, horizonMs, figures } = options;
  const installation = await Installation.open(servers, { horizonMs, redisUrl: servers.redisUrl });
  // The tables refer to each other by no foreign key: nothing has to be there before.
  const beside = await createDatabase(servers);
  const floor = await Floor.open(beside.url);
  const close = async (): Promise<void> => {
    await floor.close();
    await beside.drop();
    await installation.close();
  };
  const follower = new Follower(installation, floor, profiler);
  try {
    await follower.follow(WARM_UP, LANES, {});
    let all = NOTHING;
    for (let left = patients; left > 0; left -= Math.ceil(patients / TURNS)) {
      all = both(all, await follower.follow(Math.min(left, Math.ceil(patients / TURNS)), LANES, figures));
    }
    const single = await follower.follow(alone, 1, { events: figures.alone });
    await floor.compare(installation.database.url);
    return { installation, patients: follower.followed, ...all, alone: single, close };
  } catch (error) {
    await close();
    throw error;
  }
}

class Follower {
  followed = 0;

  constructor(
    private readonly installation: Installation,
    private readonly floor: Floor,
    private readonly profiler: Profiler,
  ) {}

  /** The next patients, by so many callers. */
  async follow(count: number, lanes: number, figures: { enrolments?: string; events?: string }): Promise<Followed> {
    const { installation, floor, profiler } = this;
    const followed = stories(count, this.followed);
    this.followed += count;
    const ids = new Map<Story, string>();
    const settled = (): Promise<void> => installation.settle();
    const capture = new Capture();
    const engine = await capture.during(async () => {
      const enrolments = await profiler.part(figures.enrolments, () =>
        workOff(
          followed.map((story) => [story]),
          async (story) => void ids.set(story, await installation.enrol(story)),
          settled,
          lanes,
        ),
      );
      const events = await profiler.part(figures.events, () =>
        workOff(
          followed.map((story) => story.happenings.map((happening) => ({ id: ids.get(story)!, happening }))),
          ({ id, happening }) => installation.report(id, happening),
          settled,
          lanes,
        ),
      );
      return { enrolments, events };
    });
    const chains = capture.take();
    const first = chains.map((chain) => chain.slice(0, 1));
    const others = chains.map((chain) => chain.slice(1));
    const decisions = others.flat().length;
    if (decisions !== engine.events.count)
      throw new Error(`${engine.events.count} events made ${decisions} decisions.`);
    return {
      ...engine,
      enrolmentsFloor: await floor.replay(first, lanes),
      eventsFloor: await floor.replay(others, lanes),
    };
  }
}

function both(one: Followed, other: Followed): Followed {
  return {
    enrolments: together(one.enrolments, other.enrolments),
    events: together(one.events, other.events),
    enrolmentsFloor: together(one.enrolmentsFloor, other.enrolmentsFloor),
    eventsFloor: together(one.eventsFloor, other.eventsFloor),
  };
}
