import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { runs } from "./seed.js";
import { compile } from "../../src/core/machine/pathway.js";
import type { Json, PathwayDocument } from "../../src/core/document/index.js";
import { faultsOf, sample } from "./document-sample.js";

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [...(path.length > 0 ? [path] : []), ...entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function at(document: unknown, path: Path): unknown {
  return path.reduce((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], document);
}

const junk: Json[] = [
  null,
  0,
  -1,
  true,
  "",
  "x",
  "P1D",
  "event.data.area > 1.0",
  "wound.dressed",
  [],
  {},
  [1],
  { x: 1 },
];

describe("A mangled document is refused in sentences, and what is not refused compiles", () => {
  it("never makes the check itself fail", () => {
    const original = sample();
    const paths = pathsOf(original);
    const change = fc.record({
      path: fc.constantFrom(...paths),
      // Most faults are a value that is right elsewhere.
      value: fc.oneof(
        fc.constantFrom(...junk),
        fc.constantFrom(...paths).map((path) => at(original, path) as Json),
      ),
      how: fc.constantFrom("replace", "remove", "rename", "nest" as const),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const document = structuredClone(original) as unknown;
        for (const { path, value, how } of changes) {
          const holder = at(document, path.slice(0, -1));
          const key = path.at(-1)!;
          if (typeof holder !== "object" || holder === null || !(key in holder)) continue;
          const table = holder as Record<string | number, unknown>;
          const before = table[key];
          if (how === "replace") table[key] = structuredClone(value);
          else if (how === "nest") table[key] = { [String(key)]: before };
          else if (Array.isArray(holder)) holder.splice(Number(key), 1);
          else {
            delete table[key];
            if (how === "rename") table[`${key}x`] = before;
          }
        }
        const faults = faultsOf(JSON.stringify(document, null, 1));
        for (const { message, line } of faults) {
          expect(line).toBeGreaterThan(0);
          expect(message).toMatch(/^[A-Z`].*[.?]$/s);
          expect(message).not.toContain("undefined");
          expect(message).not.toContain("[object");
        }
        if (faults.length === 0) expect(compile(document as PathwayDocument).id).toBeDefined();
      }),
      runs(200),
    );
  });
});
