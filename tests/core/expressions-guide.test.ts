import { describe, expect, it } from "@jest/globals";
import { evaluate, parseExpression } from "../../src/core/expressions/environment.js";
import { toJson } from "../../src/core/expressions/plain.js";
import { TypeEnvironment } from "../../src/core/expressions/type-environment.js";
import type { Json, JsonObject } from "../../src/core/document/index.js";
import { StateTree } from "../../src/core/document/tree.js";
import {
  compile,
  effectiveEvents,
  fold,
  makeCalendar,
  parseInstant,
  type CorrectionRecord,
  type FoldRecord,
} from "../../src/core/index.js";
import { blocks, sample } from "./document-sample.js";

const document = sample();
const calendar = makeCalendar({ timeZone: "UTC", workingDays: [1, 2, 3, 4, 5], holidays: [] });
const records = blocks("ndjson")[0]!
  .trim()
  .split("\n")
  .map((line, seq): FoldRecord => {
    const written = JSON.parse(line) as { type?: string; occurredAt: string; by?: string; data?: JsonObject };
    const { type, occurredAt, by = null, data = {} } = written;
    if (type === undefined) return { ...(written as Partial<CorrectionRecord>), kind: "correction", seq } as FoldRecord;
    return { kind: "event", seq, type, occurredAt: parseInstant(occurredAt)!, recordedAt: null, by, data };
  });
const parameters = Object.fromEntries(Object.entries(document.parameters).map(([name, { value }]) => [name, value]));
const types = new TypeEnvironment(document, new StateTree(document).paths);

const examples = blocks("cel")
  .flatMap((block) => block.trim().split("\n"))
  .map((line) => {
    const [expression, expected] = line.split(" // => ");
    return { expression: expression!, expected: JSON.parse(expected!) as Json };
  });

// A fold remembers the entries of those states alone that its document asks for.
const asking = examples.filter(({ expression }) => expression.startsWith("since("));
const derived = Object.fromEntries(
  asking.map(({ expression }, index) => [
    `asked${index}`,
    { value: expression, source: null, evidence: "siteDecision" as const },
  ]),
);
const facts = effectiveEvents(records, calendar);
const { run } = fold(compile({ ...document, derived }), calendar, facts, facts.at(-1)!.at);

describe("Every example of the guide type-checks and gives what the guide says", () => {
  it.each(examples)("$expression", ({ expression, expected }) => {
    const { result } = types.check(expression, facts.at(-1)!.type);
    expect(result.error?.message).toBeUndefined();
    expect(toJson(evaluate(parseExpression(expression), run.view(true), parameters))).toEqual(expected);
  });

  it("shows every function", () => {
    for (const name of [
      "events",
      "earlier",
      "latest",
      "since",
      "after",
      "recordedAfter",
      "distinct",
      "spaced",
      "cGy",
    ]) {
      expect(examples.some(({ expression }) => expression.includes(`${name}(`))).toBe(true);
    }
  });
});
