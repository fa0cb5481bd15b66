import { describe, expect, it } from "@jest/globals";
import { compile, makeCalendar, project, type FoldRecord, type PathwayDocument } from "../../src/core/index.js";
import type { EnrolledProjection } from "../../src/core/index.js";
import { event, instant } from "./first-pathway.js";

const calendar = makeCalendar({ timeZone: "UTC", workingDays: [1, 2, 3, 4, 5, 6, 7], holidays: [] });
const at = (day: number): string => `2026-01-${String(day).padStart(2, "0")}T09:00:00Z`;
const enrolled = event(1, "pathway.enrolled", at(5));
const quiet = { quiet: true };

type States = PathwayDocument["machine"]["states"];

function projected(
  states: NonNullable<States>,
  timers: PathwayDocument["timers"],
  records: FoldRecord[],
  asOf: string,
): EnrolledProjection {
  const declared = { title: "Reported", reporters: ["clinician" as const], schema: { type: "object" } };
  const pathway = compile({
    ...{ id: "small", version: "1.0.0", title: "Small", tracks: { one: "One" }, timers },
    parameters: { pauseReviewAfter: { value: "P4W", unit: "duration", source: null, evidence: "siteDecision" } },
    events: { "a.reported": declared, "b.reported": declared },
    machine: { type: "parallel", states: { one: { initial: Object.keys(states)[0]!, states } } },
  });
  const projection = project(pathway, calendar, [enrolled, ...records], instant(asOf));
  if (projection.status === "notEnrolled") throw new Error("Not enrolled.");
  return projection;
}

describe("timers that are due at one instant fire in order (F4)", () => {
  const timers = { a: { after: "P2D" }, z: { after: "P2D" } };

  it("of the path of their state", () => {
    const p = { initial: "c", after: { z: "outer" }, states: { c: { after: { a: "d" } }, d: { meta: quiet } } };
    const { state, trace } = projected({ p, outer: { meta: quiet } }, timers, [], at(7));
    expect(state).toEqual({ one: "outer" });
    expect(trace!.map(({ cause }) => cause.kind === "timer" && cause.name)).toEqual([false, "z"]);
  });

  it("then of their name", () => {
    const states = { x: { after: { z: "byZ", a: "byA" } }, byA: { meta: quiet }, byZ: { meta: quiet } };
    expect(projected(states, timers, [], at(7)).state).toEqual({ one: "byA" });
  });
});

describe("a timer that is past when it is started", () => {
  const states = {
    x: { on: { "a.reported": {}, "b.reported": "late" }, meta: quiet },
    late: { after: { soon: "asked" } },
    asked: { meta: { task: { title: "Ask", role: "clinician" as const, due: "P1D" } } },
  };
  const timers = { soon: { after: "P1D", from: "a.reported" } };

  it("fires at the start of its state (F8)", () => {
    const records = [event(2, "a.reported", at(6)), event(3, "b.reported", at(10))];
    const { trace, tasks } = projected(states, timers, records, at(12));
    expect(trace!.at(-1)).toMatchObject({ at: instant(at(10)), cause: { kind: "timer", dueAt: instant(at(7)) } });
    expect(tasks).toMatchObject([{ openedAt: instant(at(10)), dueAt: instant(at(11)) }]);
  });

  it("waits for the end of a pause, and fires then (F11)", () => {
    const records = [
      event(2, "a.reported", at(5)),
      event(3, "pathway.paused", at(6), { reason: true }),
      event(4, "b.reported", at(7)),
      event(5, "pathway.resumed", at(9)),
    ];
    expect(projected(states, timers, records.slice(0, 3), at(8))).toMatchObject({
      state: { one: "late" },
      timers: [{ dueAt: instant(at(6)), status: "held" }],
    });
    const { trace, tasks } = projected(states, timers, records, at(12));
    expect(trace!.at(-1)).toMatchObject({ at: instant(at(9)), cause: { kind: "timer", dueAt: instant(at(8)) } });
    expect(tasks).toMatchObject([{ openedAt: instant(at(9)) }]);
  });
});

it("a pause moves what a task is due for, its reminders and its escalations alike (F11)", () => {
  const task = { title: "Ask", role: "clinician" as const, due: "P10D", reminders: ["P5D"] };
  const x = { meta: { task: { ...task, escalation: [{ after: "P12D", to: "lead" as const }] } } };
  const pause = [event(2, "pathway.paused", at(6), { reason: true }), event(3, "pathway.resumed", at(8))];
  expect(projected({ x }, {}, pause, at(9)).tasks).toMatchObject([
    {
      dueAt: instant(at(17)),
      reminders: [{ at: instant(at(12)) }],
      escalations: [{ at: instant(at(19)), to: "lead" }],
    },
  ]);
});
