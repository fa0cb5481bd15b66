import { describe, expect, it } from "@jest/globals";
import { compileExpressions, ExpressionError, FactLog, type View } from "../../src/core/expressions/index.js";
import type { JsonObject, PathwayDocument } from "../../src/core/document/index.js";
import { parseInstant } from "../../src/core/time.js";
import { sample } from "./document-sample.js";

type Row = [type: string, at: string, data?: JsonObject, by?: string | null, dataSeq?: number];

const document = sample();
const expressions = compileExpressions(document);

function makeLog(rows: Row[]): FactLog {
  return rows.reduce(
    (log, [type, at, data = {}, by = null, dataSeq], seq) =>
      log.append({ seq, dataSeq: dataSeq ?? seq, type, at: parseInstant(at)!, by, data }),
    FactLog.empty(expressions.mask),
  );
}

/** At a site six hours behind UTC. */
const see = (log: FactLog, current = true, entries: Record<string, number> = {}): View =>
  log.view(current, {
    dayOf: (at) => new Date(at - 6 * 3_600_000).toISOString().slice(0, 10),
    entryOf: (state) => entries[state],
  });

const holds = (source: string, log: FactLog, current = true, entries: Record<string, number> = {}): boolean =>
  expressions.guard(source, null)(see(log, current, entries));

describe("The log of the facts that took part", () => {
  const rows: Row[] = [
    ["wound.dressed", "2026-01-01T09:00:00Z", { area: 5, note: "weeps" }],
    ["wound.assessed", "2026-01-02T09:00:00Z", { outcome: "worse" }, "anna"],
    ["wound.dressed", "2026-01-03T09:00:00Z", { area: 4 }, "ben"],
  ];

  it("hides free text from expressions and keeps it for others", () => {
    const log = makeLog(rows);
    expect(holds("events('wound.dressed')[0].data.note == true", log)).toBe(true);
    expect(log.facts()[0]?.data).toEqual({ area: 5, note: "weeps" });
    expect(log.latest("wound.dressed")?.seq).toBe(2);
    expect(log.latest("redFlag.reported")).toBeUndefined();
  });

  it("is a value: a fact that was tried and refused is in no log but its own", () => {
    const log = makeLog(rows.slice(0, 2));
    const tried = log.append({ ...log.facts()[0]!, seq: 2 });
    expect(holds("events('wound.dressed').size() == 2 && events('*').size() == 3", tried)).toBe(true);
    expect(log.size).toBe(2);
    expect(holds("events('wound.dressed').size() == 1 && events('*').size() == 2", log)).toBe(true);
    expect(holds("events('wound.dressed').size() == 2", makeLog(rows))).toBe(true);
  });

  it("has no current event where a timer moves the pathway", () => {
    const log = makeLog(rows);
    expect(holds("earlier('wound.dressed').size() == 2", log, false)).toBe(true);
    expect(() => holds("event.data.area > 1.0", log, false)).toThrow(ExpressionError);
    expect(() => holds("recordedAfter(events('*')).size() == 0", log, false)).toThrow(
      "recordedAfter compares with the current event",
    );
  });

  it("counts an event from the entry of a state on by its place, not by its instant", () => {
    const same: Row[] = [
      ["wound.dressed", "2026-01-01T09:00:00Z", { area: 5 }],
      ["wound.dressed", "2026-01-01T09:00:00Z", { area: 4 }],
    ];
    expect(holds("since('wound.dressed', 'care.review').size() == 1", makeLog(same), true, { "care.review": 1 })).toBe(
      true,
    );
    expect(holds("since('wound.dressed', 'care.review').size() == 0", makeLog(same), true, { "care.review": 2 })).toBe(
      true,
    );
  });
});

describe("Functions of pathways", () => {
  it("count calendar days of the site, not spans of 24 hours", () => {
    const log = makeLog([
      ["wound.dressed", "2026-01-02T05:00:00Z"],
      ["wound.dressed", "2026-01-02T07:00:00Z"],
      ["wound.dressed", "2026-01-03T05:30:00Z"],
    ]);
    expect(holds("spaced(events('wound.dressed'), 'P1D') == 2", log)).toBe(true);
    expect(holds("spaced(events('wound.dressed'), 'P0D') == 3", log)).toBe(true);
  });

  it("count months as the calendar does", () => {
    const log = makeLog([
      ["wound.dressed", "2026-01-31T12:00:00Z"],
      ["wound.dressed", "2026-02-27T12:00:00Z"],
      ["wound.dressed", "2026-02-28T12:00:00Z"],
      ["wound.dressed", "2027-02-28T12:00:00Z"],
    ]);
    expect(holds("spaced(events('wound.dressed'), 'P1M') == 3", log)).toBe(true);
    expect(holds("spaced(events('wound.dressed'), 'P1Y') == 2", log)).toBe(true);
  });

  it("tell what was recorded after the current event, by the present data of each", () => {
    const rows: Row[] = [
      ["redFlag.reported", "2026-01-01T04:00:00Z", {}, null, 3],
      ["redFlag.reported", "2026-01-01T04:30:00Z"],
      // Corrected later itself: it is not recorded after itself.
      ["redFlag.reviewed", "2026-01-01T05:00:00Z", {}, null, 4],
    ];
    expect(holds("recordedAfter(events('redFlag.reported')).size() == 1", makeLog(rows))).toBe(true);
    expect(holds("recordedAfter(events('*')).size() == 1", makeLog(rows))).toBe(true);
  });

  it("count missing values as one", () => {
    const log = makeLog([
      ["wound.dressed", "2026-01-01T09:00:00Z", {}, null],
      ["wound.dressed", "2026-01-02T09:00:00Z", { pain: 3 }, null],
      ["wound.dressed", "2026-01-03T09:00:00Z", { pain: 3 }, "anna"],
    ]);
    expect(holds("distinct(events('*').map(e, e.by)).size() == 2", log)).toBe(true);
    expect(holds("distinct(events('*').map(e, e.data.?pain)).size() == 2", log)).toBe(true);
    expect(holds("distinct([1, 1.0, 2]).size() == 2", log)).toBe(true);
    expect(holds("distinct([{'a': 1}, {'a': 1}, {'a': 2}]).size() == 2", log)).toBe(true);
  });

  it("hold equal objects equal, in whatever order their keys come", () => {
    const typed = { value: 8, unit: { system: "UCUM", code: "Gy" } };
    const stored = { unit: { code: "Gy", system: "UCUM" }, value: 8 };
    const log = makeLog([
      ["wound.dressed", "2026-01-01T09:00:00Z", { dose: typed, doses: [typed] }],
      ["wound.dressed", "2026-01-02T09:00:00Z", { dose: stored, doses: [stored] }],
      ["wound.dressed", "2026-01-03T09:00:00Z", { dose: { ...typed, value: 9 }, doses: [typed, stored] }],
    ]);
    expect(holds("distinct(events('*').map(e, e.data.dose)).size() == 2", log)).toBe(true);
    expect(holds("distinct(events('*').map(e, e.data.doses)).size() == 2", log)).toBe(true);
    expect(
      holds("distinct([timestamp('2026-01-01T00:00:00Z'), timestamp('2026-01-02T00:00:00Z')]).size() == 2", log),
    ).toBe(true);
  });

  it("give doses in cGy without binary dust", () => {
    const dose = (value: number, unit: string): FactLog =>
      makeLog([["wound.dressed", "2026-01-01T09:00:00Z", { dose: { value, unit } }]]);
    expect(holds("cGy(event.data.dose) == 7", dose(0.07, "Gy"))).toBe(true);
    expect(holds("cGy(event.data.dose) == 110", dose(1.1, "Gy"))).toBe(true);
    expect(holds("cGy(event.data.dose) == 300", dose(300, "cGy"))).toBe(true);
    expect(() => holds("cGy(event.data.dose) > 1.0", dose(3, "mSv"))).toThrow(ExpressionError);
  });
});

describe("An expression that fails is a fault, never a false", () => {
  const log = makeLog([["wound.dressed", "2026-01-01T09:00:00Z", { area: 5 }]]);

  it("names the expression and its place", () => {
    const failing: PathwayDocument = { ...document, flags: [flag("latest('wound.assessed').data.outcome == 'worse'")] };
    const when = failing.flags![0]!.when;
    expect(() => compileExpressions(failing).guard(when, null)(see(log, false))).toThrow(
      "The expression `latest('wound.assessed').data.outcome == 'worse'` (the flag `failing`) failed: No such key: data.",
    );
  });

  it("refuses a condition that is neither true nor false", () => {
    expect(() => holds("event.data.area", log)).toThrow("it gives neither true nor false");
  });

  it("tells at once what is no CEL", () => {
    expect(() => compileExpressions({ ...document, flags: [flag("1 +")] })).toThrow(ExpressionError);
  });

  it("leaves nothing behind for the next one", () => {
    expect(() => holds("event.data.none > 1", log)).toThrow(ExpressionError);
    expect(holds("event.data.area == 5", log)).toBe(true);
  });
});

describe("Derived values are plain JSON", () => {
  const derive = (value: string): unknown => {
    const derived = { it: { value, source: null, evidence: "siteDecision" as const } };
    return compileExpressions({ ...document, derived }).derived("it", see(log, false));
  };
  const log = makeLog([["wound.dressed", "2026-01-01T09:00:00Z", { area: 5 }, "anna"]]);

  it.each([
    ["events('*').size()", 1],
    ["1.5", 1.5],
    ["latest('wound.assessed')", null],
    [
      "latest('wound.dressed')",
      { type: "wound.dressed", at: "2026-01-01T09:00:00.000Z", by: "anna", data: { area: 5 } },
    ],
    ["latest('wound.dressed').data.?pain", null],
    ["{'n': 1, 'list': [dyn(1), dyn('a')]}", { n: 1, list: [1, "a"] }],
  ])("%s", (source, expected) => {
    expect(derive(source)).toEqual(expected);
  });

  it("are a fault where JSON has no form", () => {
    expect(() => derive("1.0 / 0.0")).toThrow("is no JSON number");
    expect(() => derive("timestamp('2026-01-01T00:00:00Z')")).toThrow("JSON has no form for");
  });
});

describe("Compiled expressions", () => {
  it("say which states they ask for", () => {
    expect([...expressions.statesAsked]).toEqual([]);
    const asking = compileExpressions({ ...document, flags: [flag("since('*', 'care.review').size() > 1")] });
    expect([...asking.statesAsked]).toEqual(["care.review"]);
  });

  it("are made once", () => {
    expect(expressions.guard("true", null)).toBe(expressions.guard("true", null));
  });
});

function flag(when: string): NonNullable<PathwayDocument["flags"]>[number] {
  return { name: "failing", severity: "info", when, text: "It fails." };
}
