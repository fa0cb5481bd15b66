import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import {
  compile,
  makeCalendar,
  makeRule,
  parseInstant,
  project,
  type DueRule,
  type EnrolledProjection,
  type EventRecord,
  type JsonObject,
} from "../../src/core/index.js";
import { runs } from "./seed.js";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5, 10);
const calendar = makeCalendar({
  ...{ timeZone: "Europe/London", workingDays: [1, 2, 3, 4, 5] },
  holidays: ["2026-03-20", "2026-03-30"],
});

/** One timer, one task with a reminder and an escalation, all by the same rule; and a timer that runs through pauses. */
function pathwayOf(rule: DueRule, from?: string): ReturnType<typeof compile> {
  const quiet = { quiet: true };
  const declared = { title: "Reported", reporters: ["clinician" as const], schema: { type: "object" } };
  const task = { title: "Do it", role: "clinician" as const, due: rule, reminders: [rule] };
  return compile({
    ...{ id: "small", version: "1.0.0", title: "Small", tracks: { one: "One", two: "Two", three: "Three" } },
    parameters: { pauseReviewAfter: { value: "P4W", unit: "duration", source: null, evidence: "siteDecision" } },
    events: { "a.reported": declared, "b.reported": declared },
    timers: { held: { ...rule, ...(from && { from }) }, running: { ...rule, whilePaused: "run" } },
    machine: {
      type: "parallel",
      states: {
        one: {
          initial: "before",
          states: {
            before: { on: { "a.reported": {}, "b.reported": "waiting" }, meta: quiet },
            waiting: { after: { held: "over" }, meta: quiet },
            over: { meta: quiet },
          },
        },
        two: {
          initial: "before",
          states: {
            before: { on: { "b.reported": "open" }, meta: quiet },
            open: { meta: { task: { ...task, escalation: [{ ...rule, to: "lead" as const }] } } },
          },
        },
        three: {
          initial: "before",
          states: {
            before: { on: { "b.reported": "waiting" }, meta: quiet },
            waiting: { after: { running: "over" }, meta: quiet },
            over: { meta: quiet },
          },
        },
      },
    },
  });
}

interface Pause {
  afterMs: number;
  lastsMs: number;
}

/** What is due after each resumption. The clocks start `startMs` after the enrolment, be that within a pause. */
function dues(
  pathway: ReturnType<typeof compile>,
  pauses: readonly Pause[],
  startMs: number,
  reportedMs = startMs - 1,
): { projection: EnrolledProjection; heldMs: number }[] {
  const started = START + startMs;
  const told: [at: number, type: string, data: JsonObject][] = [
    [START, "pathway.enrolled", {}],
    [START + reportedMs, "a.reported", {}],
    [started, "b.reported", {}],
  ];
  let at = START;
  const resumptions: { at: number; heldMs: number }[] = [];
  let heldMs = 0;
  for (const { afterMs, lastsMs } of pauses) {
    const paused = at + afterMs;
    at = paused + lastsMs;
    told.push([paused, "pathway.paused", { reason: true }], [at, "pathway.resumed", {}]);
    heldMs += Math.max(0, at - Math.max(paused, started));
    if (at >= started) resumptions.push({ at, heldMs });
  }
  const records = told
    .map(([occurredAt, type, data], index): EventRecord => {
      return { kind: "event", seq: index + 1, type, occurredAt, recordedAt: null, by: null, data };
    })
    .sort((a, b) => Number(a.occurredAt) - Number(b.occurredAt));
  return [{ at: started, heldMs: 0 }, ...resumptions].map(({ at, heldMs }) => {
    const projection = project(pathway, calendar, records, at);
    if (projection.status === "notEnrolled") throw new Error("Not enrolled.");
    expect(projection.setAside).toEqual([]);
    return { projection, heldMs };
  });
}

/** Of the timer and of the task, its reminder and its escalation. */
function instants({ timers, tasks }: EnrolledProjection): number[] {
  const task = tasks.find(({ key }) => key === "two.open")!;
  const timer = timers.find(({ name }) => name === "held")!;
  return [timer.dueAt, task.dueAt, task.reminders[0]!.at, task.escalations[0]!.at];
}

const rules: fc.Arbitrary<DueRule> = fc
  .record({
    // Longer than all pauses together and what lies between them: nothing falls due meanwhile.
    after: fc.constantFrom("P40D", "P8W", "P3M", "PT1000H", "P2M", "P1Y"),
    at: fc.option(fc.constantFrom("00:00", "01:30", "09:00", "23:30"), { nil: undefined }),
    workingDay: fc.boolean(),
  })
  .map(({ after, at, workingDay }) => ({
    ...{ after, ...(at !== undefined && { at }), ...(workingDay && { workingDay: "next" as const }) },
  }));

const lengths = fc.oneof(fc.constantFrom(0, 1, 1000, 24 * HOUR), fc.integer({ min: 0, max: 4 * 24 * HOUR }));
const pauses = fc.array(fc.record({ afterMs: fc.integer({ min: 2, max: 2 * 24 * HOUR }), lastsMs: lengths }), {
  ...{ minLength: 1, maxLength: 6 },
});
const starts = fc.integer({ min: 2, max: 2 * 24 * HOUR });

const compiled = ({ after, at, workingDay }: DueRule): ReturnType<typeof makeRule> =>
  makeRule(
    Temporal.Duration.from(after),
    at === undefined ? undefined : Temporal.PlainTime.from(at),
    workingDay === "next",
  );

describe("pauses (F11)", () => {
  it("add up before anything is rounded: many are one of their length", () => {
    fc.assert(
      fc.property(rules, pauses, starts, (rule, many, startMs) => {
        // On a working day at its own hour a rule without a time of day can come earlier than before: see below.
        fc.pre(rule.at !== undefined || rule.workingDay === undefined);
        const pathway = pathwayOf(rule);
        for (const { projection, heldMs } of dues(pathway, many, startMs)) {
          const due = calendar.due(START + startMs, compiled(rule), heldMs);
          expect(instants(projection)).toEqual([due, due, due, due]);
        }
        const { heldMs } = dues(pathway, many, startMs).at(-1)!;
        const one = dues(pathway, [{ afterMs: startMs, lastsMs: heldMs }], startMs).at(-1)!;
        expect(instants(dues(pathway, many, startMs).at(-1)!.projection)).toEqual(instants(one.projection));
      }),
      runs(80),
    );
  });

  it("never move anything back", () => {
    fc.assert(
      fc.property(rules, pauses, starts, (rule, many, startMs) => {
        let before: number[] | undefined;
        let expected = -Infinity;
        for (const { projection, heldMs } of dues(pathwayOf(rule), many, startMs)) {
          const after = instants(projection);
          before?.forEach((due, index) => expect(after[index]).toBeGreaterThanOrEqual(due));
          expected = Math.max(expected, calendar.due(START + startMs, compiled(rule), heldMs));
          expect(after).toEqual([expected, expected, expected, expected]);
          before = after;
        }
      }),
      runs(80),
    );
  });

  it("leave what runs through them alone", () => {
    fc.assert(
      fc.property(rules, pauses, starts, (rule, many, startMs) => {
        const shown = dues(pathwayOf(rule), many, startMs).map(({ projection }) =>
          projection.timers.find(({ name }) => name === "running"),
        );
        const dueAt = calendar.due(START + startMs, compiled(rule));
        for (const timer of shown) expect(timer).toMatchObject({ dueAt, status: "pending" });
      }),
      runs(40),
    );
  });

  it("count from the event that a timer counts from, and what they held from its own start", () => {
    const pathway = pathwayOf({ after: "P40D", at: "09:00" }, "a.reported");
    // Reported at 13:00, eleven hours before midnight; begun at 19:00, four hours into the pause.
    const dueOf = (lastsMs: number): number =>
      instants(dues(pathway, [{ afterMs: 5 * HOUR, lastsMs }], 9 * HOUR, 3 * HOUR).at(-1)!.projection)[0]!;
    expect(dueOf(14 * HOUR)).toBe(parseInstant("2026-02-14T09:00:00Z"));
    expect(dueOf(16 * HOUR)).toBe(parseInstant("2026-02-15T09:00:00Z"));
  });

  it("of a second, five of them, move a review at nine by nothing", () => {
    const second: Pause = { afterMs: 24 * HOUR, lastsMs: 1000 };
    const rule: DueRule = { after: "P3M", at: "09:00", workingDay: "next" };
    const [first, ...later] = dues(pathwayOf(rule), [second, second, second, second, second], HOUR);
    expect(later).toHaveLength(5);
    for (const { projection } of later) expect(instants(projection)).toEqual(instants(first!.projection));
  });
});
