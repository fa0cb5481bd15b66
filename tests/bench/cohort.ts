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
import type { Servers } from "./servers.js";

export interface Cohort {
  installation: Installation;
  patients: number;
  enrolments: Work;
  events: Work;
  enrolmentsFloor: Work;
  eventsFloor: Work;
  close(): Promise<void>;
}

/** As a large installation is set (`TIMER_HORIZON=P1D`). */
export const HORIZON_MS = 24 * 3_600_000;
const WARM_UP = 2 * LANES;
const TURNS = 4;

export async function followCohort(servers: Servers, patients: number): Promise<Cohort> {
  const installation = await Installation.open(servers, { horizonMs: HORIZON_MS, redisUrl: servers.redisUrl });
  // The tables refer to each other by no foreign key: nothing has to be there before.
  const beside = await createDatabase(servers);
  const floor = await Floor.open(beside.url);
  const capture = new Capture();
  const cohort: Cohort = {
    installation,
    patients: patients + WARM_UP,
    ...{ enrolments: NO_WORK, events: NO_WORK, enrolmentsFloor: NO_WORK, eventsFloor: NO_WORK },
    close: async () => {
      capture.stop();
      await floor.close();
      await beside.drop();
      await installation.close();
    },
  };
  try {
    capture.start();
    await follow(installation, stories(WARM_UP));
    await replay(floor, capture);
    const size = Math.ceil(patients / TURNS);
    for (let from = WARM_UP; from < cohort.patients; from += size) {
      const turn = await follow(installation, stories(Math.min(size, cohort.patients - from), from));
      const floors = await replay(floor, capture);
      cohort.enrolments = together(cohort.enrolments, turn.enrolments);
      cohort.events = together(cohort.events, turn.events);
      cohort.enrolmentsFloor = together(cohort.enrolmentsFloor, floors.enrolments);
      cohort.eventsFloor = together(cohort.eventsFloor, floors.events);
    }
    return cohort;
  } catch (error) {
    await cohort.close();
    throw error;
  }
}

async function follow(
  installation: Installation,
  followed: readonly Story[],
): Promise<{ enrolments: Work; events: Work }> {
  const ids = new Map<Story, string>();
  const settle = (): Promise<void> => installation.settle();
  const enrolments = await workOff(
    followed.map((story) => [story]),
    async (story) => void ids.set(story, await installation.enrol(story)),
    settle,
  );
  const events = await workOff(
    followed.map((story) => story.happenings.map((happening) => ({ id: ids.get(story)!, happening }))),
    ({ id, happening }) => installation.report(id, happening),
    settle,
  );
  return { enrolments, events };
}

async function replay(floor: Floor, capture: Capture): Promise<{ enrolments: Work; events: Work }> {
  const chains = capture.take();
  const enrolments = await floor.replay(chains.map((chain) => chain.slice(0, 1)));
  return { enrolments, events: await floor.replay(chains.map((chain) => chain.slice(1))) };
}
