/** Every pathway and every history, recorded by the engine itself, in memory. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson, compile, project, type PathwayDocument } from "../../src/core/index.js";
import { foldRecordsOf, type Kept } from "../../src/engine/model/loaded.js";
import { armingOf, countBy, EVERYBODY, expectSame, MemoryWorld } from "../engine/memory-world.js";
import { END, eventsOf, histories, HOUR, shuffled, START, type Unrecorded } from "./generated-histories.js";
import { pathwayDocuments } from "./generated-pathways.js";
import { runs } from "./seed.js";

const CONSENT = { acceptConsequences: true, reason: "Heard of it late" };

/** One enrolment, and what is reported of it whenever it is heard of. */
class Course {
  private constructor(
    readonly world: MemoryWorld,
    readonly id: string,
  ) {}

  static async begin(document: PathwayDocument): Promise<Course> {
    const world = new MemoryWorld(compile(document), START);
    return new Course(world, await world.enrol());
  }

  /** Gives the number of its record; null where it was refused. */
  async report({ type, occurredAt, by, data }: Unrecorded, keepAside = false): Promise<number | null> {
    const { world, id } = this;
    const said = "reason" in data && data["reason"] === true ? { reason: "Away" } : data;
    const actor = { ...EVERYBODY, person: by! };
    const answer = await world.one(
      world.reportCommand(id, { type, occurredAt, data: said }, { ...CONSENT, actor, keepAside }),
    );
    return answer.kind === "reported" ? answer.event.seq : null;
  }

  async correct(seq: number, fields: Parameters<MemoryWorld["correctCommand"]>[2]): Promise<void> {
    await this.world.one(this.world.correctCommand(this.id, seq, { ...fields, ...CONSENT }));
  }

  get kept(): Kept {
    return this.world.store.kept(this.id);
  }

  expectSound(): void {
    this.world.expectSound(this.id);
  }

  async end(): Promise<void> {
    this.world.now = END;
    await this.world.wake(this.id);
    this.expectSound();
  }

  projection() {
    const { pathway, calendar } = this.world;
    const projection = project(pathway, calendar, foldRecordsOf(this.kept), END);
    if (projection.status === "notEnrolled") throw new Error("not enrolled");
    return projection;
  }
}

/** Nothing in it says when something was recorded. */
function outcomeOf(course: Course): unknown {
  const { row, tasks, timers } = course.kept;
  const { latest, trace, ...rest } = course.projection();
  return {
    ...rest,
    stored: row.stored,
    latest: Object.entries(latest).map(([type, { occurredAt, data }]) => [type, occurredAt, data]),
    trace: trace!.map(({ at, cause, state }) => ({
      at,
      type: cause.kind === "event" ? cause.type : cause.name,
      state,
    })),
    openTasks: tasks
      .filter(({ status }) => status === "open")
      .map(({ key, openedAt, nth, dueAt, held }) => canonicalJson({ key, openedAt, nth, dueAt, held }))
      .sort(),
    running: timers
      .filter(({ status }) => status === "pending" || status === "held")
      .map(({ state, name, startedAt, dueAt, status }) => canonicalJson({ state, name, startedAt, dueAt, status }))
      .sort(),
  };
}

/** No two events, and no event and timer, at one instant: there a state may rightly be entered twice. */
const apart = <Happened extends { hours: number }>(happenings: readonly Happened[]): Happened[] =>
  happenings.map((happened, index) => ({ ...happened, hours: happened.hours + (index + 1) / 64 }));

/** Those that are accepted when each is recorded as it happens, and the course of that. */
async function recordedInTime(
  document: PathwayDocument,
  events: readonly Unrecorded[],
): Promise<{ course: Course; accepted: Unrecorded[] }> {
  const course = await Course.begin(document);
  const accepted: Unrecorded[] = [];
  const inOrder = [...events].sort((a, b) => (a.occurredAt as number) - (b.occurredAt as number));
  for (const event of inOrder) {
    course.world.now = event.occurredAt as number;
    if ((await course.report(event)) !== null) accepted.push(event);
  }
  await course.end();
  return { course, accepted };
}

describe("for every pathway and history", () => {
  it("recording step by step, in whatever order, is the same as one fold over the whole record", async () => {
    await fc.assert(
      fc.asyncProperty(pathwayDocuments, histories, async (document, { happenings, exit, corrections, shuffle }) => {
        const course = await Course.begin(document);
        const { world } = course;
        for (const event of shuffled(eventsOf(happenings, exit), shuffle)) {
          world.now = Math.max(world.now, event.occurredAt as number);
          await course.report(event);
          course.expectSound();
        }
        world.now = Math.max(world.now, START + 24 * 121 * HOUR);
        for (const { of, hours, n, strikeOut } of corrections) {
          const target = course.kept.entries.filter(({ record }) => record.kind === "event" && record.seq > 1);
          const corrected = target[of % Math.max(1, target.length)]?.record;
          if (corrected?.kind !== "event") continue;
          world.now += HOUR;
          await course.correct(corrected.seq, {
            ...(hours !== null && { occurredAt: START + hours * HOUR }),
            ...(n !== null && "n" in corrected.data && { data: { n } }),
            ...(strikeOut !== null && { strikeOut }),
          });
          course.expectSound();
        }
        await course.end();
      }),
      runs(100),
    );
  });

  it("the order of recording does not matter where all events are accepted at distinct instants", async () => {
    let longest = 0;
    await fc.assert(
      fc.asyncProperty(
        ...[pathwayDocuments, histories, fc.boolean()],
        async (document, { happenings, exit, shuffle }, isAllLate) => {
          const inTime = await recordedInTime(document, eventsOf(apart(happenings), exit));
          const course = await Course.begin(document);
          const { world } = course;
          for (const event of shuffled(inTime.accepted, shuffle)) {
            world.now = isAllLate ? END : Math.max(world.now, event.occurredAt as number);
            // What has no place yet is kept aside, and returns by itself.
            expect(await course.report(event, true)).not.toBeNull();
            course.expectSound();
          }
          await course.end();
          expectSame(outcomeOf(course), outcomeOf(inTime.course));
          // What fired in time has fired; what fired by what was known then stays on record beside it.
          const fired = countBy(course.kept.firings.map(armingOf));
          for (const [arming, times] of countBy(inTime.course.kept.firings.map(armingOf))) {
            expectSame([arming, Math.min(fired.get(arming) ?? 0, times)], [arming, times]);
          }
          longest = Math.max(longest, inTime.accepted.length);
        },
      ),
      runs(100),
    );
    expect(longest).toBeGreaterThan(6);
  });

  it("what was mistyped and corrected gives what was typed right", async () => {
    await fc.assert(
      fc.asyncProperty(pathwayDocuments, histories, async (document, { happenings, exit, shuffle }) => {
        const inTime = await recordedInTime(document, eventsOf(apart(happenings), exit));
        const course = await Course.begin(document);
        course.world.now = END;
        const typed: { seq: number; event: Unrecorded }[] = [];
        for (const [index, event] of inTime.accepted.entries()) {
          const hours = shuffle[index % shuffle.length]! % (24 * 120);
          const data = "n" in event.data ? { n: hours % 6 } : event.data;
          const isExit = event.type === "pathway.exited";
          const mistyped = isExit ? event : { ...event, data, occurredAt: START + hours * HOUR };
          const seq = await course.report(mistyped, true);
          if (seq !== null) typed.push({ seq, event });
        }
        fc.pre(typed.length === inTime.accepted.length);
        for (const { seq, event } of shuffled(typed, shuffle)) {
          const { occurredAt, data } = event;
          await course.correct(seq, { occurredAt, ...("n" in data && { data }) });
          course.expectSound();
        }
        await course.end();
        expectSame(outcomeOf(course), outcomeOf(inTime.course));
      }),
      runs(60),
    );
  });

  it("no arming of a timer fires twice, and each that the record derives has fired", async () => {
    await fc.assert(
      fc.asyncProperty(pathwayDocuments, histories, async (document, { happenings, shuffle }) => {
        const course = await Course.begin(document);
        const { world } = course;
        for (const event of shuffled(eventsOf(apart(happenings), null), shuffle)) {
          world.now = Math.max(world.now, event.occurredAt as number);
          await course.report(event);
        }
        await course.end();
        const recorded = course.kept.firings.map(({ state, name, startedAt, dueAt }) => {
          return canonicalJson({ state, name, startedAt, dueAt });
        });
        expect(new Set(recorded).size).toBe(recorded.length);
        for (const { cause } of course.projection().trace!) {
          if (cause.kind !== "timer") continue;
          const { state, name, dueAt } = cause;
          expect(course.kept.firings).toContainEqual(expect.objectContaining({ state, name, dueAt }));
        }
      }),
      runs(60),
    );
  });

  it("an exit leaves nothing open and nothing armed", async () => {
    await fc.assert(
      fc.asyncProperty(pathwayDocuments, histories, async (document, { happenings, exit, shuffle }) => {
        const course = await Course.begin(document);
        course.world.now = END;
        for (const event of shuffled(eventsOf(happenings, exit ?? 500), shuffle)) await course.report(event);
        const at = START + (exit ?? 500) * HOUR;
        const { row, tasks, timers } = course.kept;
        expect(row.stored).toMatchObject({
          status: "exited",
          exit: { at, reason: "completed" },
          tasks: [],
          timers: [],
        });
        expect(tasks.filter(({ status }) => status === "open")).toEqual([]);
        expect(timers.filter(({ status }) => status === "pending" || status === "held")).toEqual([]);
        course.expectSound();
      }),
      runs(100),
    );
  });
});
