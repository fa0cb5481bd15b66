import { describe, expect, it } from "@jest/globals";
import { compileExpressions, ExpressionError, FactLog } from "../../src/core/expressions/index.js";
import { parseInstant } from "../../src/core/time.js";
import type { JsonObject, PathwayDocument } from "../../src/core/document/index.js";

const document = {
  id: "p",
  version: "1.0.0",
  title: "P",
  tracks: { t: "T" },
  parameters: {
    apart: { value: "P7D", unit: "duration", source: null, evidence: "siteDecision" },
    n: { value: 3, unit: "count", source: null, evidence: "siteDecision" },
  },
  events: {
    "a.b": {
      title: "A",
      reporters: ["clinician"],
      schema: { type: "object", properties: { x: { type: "number" }, note: { type: "string", "x-personal": true } } },
    },
    "c.d": { title: "C", reporters: ["clinician"], schema: { type: "object", properties: {} } },
  },
  machine: { type: "parallel", states: { t: { meta: { quiet: true } } } },
} as unknown as PathwayDocument;

const expressions = compileExpressions(document);
const log = (rows: [string, string, JsonObject?, (string | null)?, number?][], entries: Record<string, number> = {}) =>
  new FactLog({
    facts: rows.map(([type, at, data = {}, by = null, dataSeq], index) => ({
      seq: index + 1,
      dataSeq: dataSeq ?? index + 1,
      type,
      at: parseInstant(at)!,
      by,
      data,
    })),
    dayOf: (at) => new Date(at).toISOString().slice(0, 10),
    entryOf: (path) => entries[path],
    mask: expressions.mask,
  });
const holds = (source: string, facts: FactLog, current = true) => expressions.guard(source, null)(facts.view(current));

describe("run", () => {
  it("works", () => {
    const l = log(
      [
        ["a.b", "2026-01-01T00:00:00Z", { x: 5, note: "secret" }],
        ["c.d", "2026-01-02T00:00:00Z", {}, "anna"],
        ["a.b", "2026-01-05T00:00:00Z", {}, "bob"],
        ["a.b", "2026-01-09T00:00:00Z", { x: 1 }, "bob"],
      ],
      { t: 2 },
    );
    for (const s of [
      "events('a.b').size() == 3",
      "earlier('a.b').size() == 2",
      "latest('a.b').data.x == 1",
      "events('*').size() == 4",
      "since('a.b','t').size() == 2",
      "since('a.b','u').size() == 0",
      "after('a.b','c.d').size() == 2",
      "spaced(events('a.b'), parameters.apart) == 2",
      "distinct(events('*').map(e, e.by)).size() == parameters.n",
      "events('a.b')[0].data.note != 'secret'",
      "event.data.x == 1",
      "event.at == '2026-01-09T00:00:00.000Z'",
      "has(event.data.x)",
    ])
      expect([s, holds(s, l)]).toEqual([s, true]);
    expect(() => holds("event.data.y > 1", l)).toThrow(ExpressionError);
    expect(() => holds("event.data.x", l)).toThrow("neither true nor false");
    const g = expressions.guard("has(event.data.x) && event.data.x >= parameters.n", null);
    const v = l.view(true);
    const s = performance.now();
    for (let i = 0; i < 200000; i++) g(v);
    console.log((performance.now() - s) / 200, "us");
    const f = l.all[3]!;
    const s2 = performance.now();
    for (let i = 0; i < 200000; i++) {
      l.push(f);
      l.pop();
    }
    console.log((performance.now() - s2) / 200, "us push");
  });
});
