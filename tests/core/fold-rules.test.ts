import { describe, expect, it } from "@jest/globals";
import {
  advance,
  compile,
  factsOf,
  fold,
  effectiveEvents,
  ExpressionError,
  makeCalendar,
  makeLog,
  project,
  type FoldRecord,
  type PathwayDocument,
  type StateConfig,
  type Stored,
} from "../../src/core/index.js";
import { event, firstPathway, instant } from "./first-pathway.js";

const calendar = makeCalendar({ timeZone: "UTC", workingDays: [1, 2, 3, 4, 5], holidays: [] });

function pathwayOf(
  states: Record<string, StateConfig>,
  timers: PathwayDocument["timers"] = {},
): ReturnType<typeof compile> {
  return compile({
    ...{ id: "small", version: "1.0.0", title: "Small", tracks: { one: "One" }, timers },
    parameters: { pauseReviewAfter: { value: "P4W", unit: "duration", source: null, evidence: "siteDecision" } },
    events: Object.fromEntries(
      ["a", "b", "c"].map((name) => [
        `${name}.reported`,
        { title: name, reporters: ["clinician"], schema: { type: "object", properties: {} } },
      ]),
    ) as PathwayDocument["events"],
    machine: { type: "parallel", states: { one: { initial: Object.keys(states)[0]!, states } } },
  });
}

const quiet = { quiet: true };
const enrolled = event(1, "pathway.enrolled", "2026-01-05T09:00:00Z");
const at = (day: number): string => `2026-01-${String(day).padStart(2, "0")}T09:00:00Z`;

describe("the stored form", () => {
  const pathway = pathwayOf({
    work: {
      initial: "first",
      on: { "b.reported": "aside" },
      states: {
        first: { on: { "a.reported": "second" }, meta: quiet },
        second: { meta: quiet },
        last: { type: "history", history: "shallow" },
      },
    },
    aside: { on: { "c.reported": "work.last" }, meta: quiet },
  });

  it("keeps what a history state remembers", () => {
    const records: FoldRecord[] = [enrolled, event(2, "a.reported", at(6)), event(3, "b.reported", at(7))];
    const { run } = fold(pathway, calendar, effectiveEvents(records, calendar), instant(at(8)));
    const stored = JSON.parse(JSON.stringify(run.store([]))) as Stored;
    expect(stored.value).toEqual({ one: "aside" });
    const back = event(4, "c.reported", at(9));
    const [, , , fact] = effectiveEvents([...records, back], calendar);
    const step = advance(
      pathway,
      calendar,
      { stored, log: makeLog(pathway, factsOf(stored, records, calendar)), setAside: [] },
      fact!,
      instant(at(9)),
    );
    expect(step.stored.value).toEqual({ one: { work: "second" } });
  });
});

describe("a state", () => {
  it("stands in the document's order, whatever a database made of it", () => {
    const pathway = firstPathway();
    const { run } = fold(pathway, calendar, effectiveEvents([enrolled], calendar), instant(at(6)));
    const stored = run.store([])!;
    const shuffled = { ...stored, value: Object.fromEntries(Object.entries(stored.value).reverse()) };
    const tracks = Object.keys(pathway.document.tracks);
    for (const event of [
      null,
      { ...enrolled, seq: 2, dataSeq: 2, type: "pain.scored", at: instant(at(7)), data: { index: 5, redFlags: [] } },
    ]) {
      const log = makeLog(pathway, factsOf(stored, [enrolled], calendar));
      const step = advance(pathway, calendar, { stored: shuffled, log, setAside: [] }, event, instant(at(7)));
      expect(Object.keys(step.stored.value)).toEqual(tracks);
    }
  });
});

describe("time that does not advance", () => {
  it("is a fault after 1,000 steps, not a hang (F9)", () => {
    const pathway = pathwayOf(
      { x: { after: { now: "y" }, meta: quiet }, y: { after: { now: "x" }, meta: quiet } },
      { now: { after: "PT0S" } },
    );
    expect(() => project(pathway, calendar, [enrolled], instant(at(6)))).toThrow("goes round without time advancing");
  });
});

describe("a guard that fails", () => {
  const failing = { guard: "1 / 0 > 1", target: "y" };

  it.each<[string, StateConfig, string]>([
    ["of an event", { on: { "a.reported": failing } }, "a.reported"],
    ["of a timer", { after: { later: [failing, { target: "y" }] } }, "later"],
  ])("%s is a fault that names its place, never a no (F5)", (_, x, place) => {
    const pathway = pathwayOf({ x: { ...x, meta: quiet }, y: { meta: quiet } }, { later: { after: "P1D" } });
    const records = [enrolled, event(2, "a.reported", at(6))];
    let fault: unknown;
    try {
      project(pathway, calendar, records, instant(at(7)));
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(ExpressionError);
    expect((fault as ExpressionError).message).toMatch(/^The expression `1 \/ 0 > 1` \(.*\) failed: .*zero/);
    expect((fault as ExpressionError).place).toContain(place);
  });
});

describe("a projection", () => {
  const pathway = pathwayOf(
    { x: { on: { "a.reported": "y" }, after: { later: "y" }, meta: quiet }, y: { meta: quiet } },
    { later: { after: "P2D" } },
  );

  it("before the enrolment has a status and nothing else", () => {
    expect(project(pathway, calendar, [enrolled], instant(at(1)))).toEqual({ status: "notEnrolled" });
  });

  it("has a timer fired at its own due instant, and not a millisecond before", () => {
    expect(project(pathway, calendar, [enrolled], instant(at(7)) - 1)).toMatchObject({ state: { one: "x" } });
    expect(project(pathway, calendar, [enrolled], instant(at(7)))).toMatchObject({ state: { one: "y" } });
  });

  it("lets timers go first at equal instants", () => {
    const records = [enrolled, event(2, "a.reported", at(7))];
    expect(project(pathway, calendar, records, instant(at(7)))).toMatchObject({
      state: { one: "y" },
      setAside: [expect.objectContaining({ seq: 2 })],
    });
  });

  it("takes the newest correction of each field, known by then", () => {
    const records: FoldRecord[] = [
      enrolled,
      event(2, "a.reported", at(6)),
      { kind: "correction", seq: 3, corrects: 2, recordedAt: instant(at(8)), strikeOut: true },
      { kind: "correction", seq: 4, corrects: 2, recordedAt: instant(at(9)), strikeOut: false },
    ];
    const stateAt = (knownAt: string): unknown =>
      (project(pathway, calendar, records, instant(at(6)), instant(knownAt)) as { state: unknown }).state;
    expect(stateAt(at(7))).toEqual({ one: "y" });
    expect(stateAt(at(8))).toEqual({ one: "x" });
    expect(stateAt(at(9))).toEqual({ one: "y" });
  });
});
