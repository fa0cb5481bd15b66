import { describe, expect, it } from "@jest/globals";
import { evaluate, parseExpression } from "../../src/core/expressions/environment.js";
import { compileExpressions, FactLog } from "../../src/core/expressions/index.js";
import { toJson } from "../../src/core/expressions/plain.js";
import { TypeEnvironment } from "../../src/core/expressions/type-environment.js";
import type { Json, JsonObject } from "../../src/core/document/index.js";
import { StateTree } from "../../src/core/document/tree.js";
import { parseInstant } from "../../src/core/time.js";
import { blocks, sample } from "./document-sample.js";

interface Line {
  type: string;
  at: string;
  by: string | null;
  data: JsonObject;
  correctedLater?: boolean;
}

const document = sample();
const lines = blocks("ndjson")[0]!
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line);
const log = new FactLog({
  facts: lines.map(({ type, at, by, data, correctedLater }, seq) => {
    return { seq, dataSeq: correctedLater ? lines.length : seq, type, at: parseInstant(at)!, by, data };
  }),
  dayOf: (at) => lines.find((line) => parseInstant(line.at) === at)!.at.slice(0, 10),
  entryOf: (state) => (state === "care.dressing" ? 1 : undefined),
  mask: compileExpressions(document).mask,
});
const parameters = Object.fromEntries(Object.entries(document.parameters).map(([name, { value }]) => [name, value]));
const types = new TypeEnvironment(document, new StateTree(document).paths);

const examples = blocks("cel")
  .flatMap((block) => block.trim().split("\n"))
  .map((line) => {
    const [expression, expected] = line.split(" // => ");
    return { expression: expression!, expected: JSON.parse(expected!) as Json };
  });

describe("Every example of the guide type-checks and gives what the guide says", () => {
  it.each(examples)("$expression", ({ expression, expected }) => {
    const { result } = types.check(expression, lines.at(-1)!.type);
    expect(result.error?.message).toBeUndefined();
    expect(toJson(evaluate(parseExpression(expression), log.view(true), parameters))).toEqual(expected);
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
