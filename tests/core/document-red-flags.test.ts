import { describe, expect, it } from "@jest/globals";
import { compile, contentHash, makeRedFlags } from "../../src/core/index.js";
import { itRefuses } from "./document-faults.js";
import { changed, faultsOf, SAMPLE, sample } from "./document-sample.js";

const HEAD = "definitions:\n";
/** The example with words of its own: `infection.suspected` reports `findings`, any other event lists `alarms`. */
const own = (redFlags: string): [string, string][] => [
  [HEAD, `redFlags: ${redFlags}\n\n${HEAD}`],
  ["        redFlags: { type: array,", "        alarms: { type: array,"],
  [
    "has(event.data.redFlags) && event.data.redFlags.size() > 0",
    "has(event.data.alarms) && event.data.alarms.size() > 0",
  ],
  [
    "  redFlag.reviewed:\n    title",
    [
      "  infection.suspected:",
      "    title: Infection suspected",
      "    reporters: [clinician]",
      "    schema: { type: object, properties: { findings: { type: array }, size: { type: number } } }",
      "  redFlag.reviewed:\n    title",
    ].join("\n"),
  ],
];

const ALL = "{ event: infection.suspected, signs: findings, field: alarms }";

describe("What a red flag is", () => {
  it("is told by the usual names where the document says nothing, and nothing is filled in", () => {
    const document = sample();
    const { redFlags, hash } = compile(document);
    expect(redFlags.event).toBe("redFlag.reported");
    expect(redFlags.signsIn("redFlag.reported", { signs: ["fever"], redFlags: ["no"] })).toEqual(["fever"]);
    expect(redFlags.signsIn("wound.dressed", { signs: ["no"], redFlags: ["fever"] })).toEqual(["fever"]);
    expect(hash).toBe(contentHash(document));
    expect(JSON.stringify(document)).not.toContain('"redFlags":{"event"');
  });

  it("is told by the document's own names where it has some", () => {
    const text = changed(...own(ALL));
    expect(faultsOf(text)).toEqual([]);
    const { redFlags } = compile(sample(text));
    expect(redFlags.event).toBe("infection.suspected");
    expect(redFlags.signsIn("infection.suspected", { findings: ["fever"] })).toEqual(["fever"]);
    expect(redFlags.signsIn("wound.dressed", { alarms: ["fever"] })).toEqual(["fever"]);
    expect(redFlags.carriedBy("wound.dressed", { redFlags: ["fever"] })).toBe(false);
    expect(redFlags.carriedBy("redFlag.reported", { signs: ["fever"] })).toBe(false);
  });

  it("is read from data of whatever form", () => {
    const { carriedBy, signsIn } = makeRedFlags();
    for (const redFlags of [[], null, "fever", { length: 1 }, 1]) {
      expect(carriedBy("wound.dressed", { redFlags })).toBe(false);
    }
    expect(signsIn("wound.dressed", {})).toEqual([]);
    expect(carriedBy("wound.dressed", { redFlags: [1] })).toBe(true);
  });

  it("leaves each name out by itself", () => {
    expect(faultsOf(changed(...own("{ field: alarms }")))).toEqual([]);
    expect(faultsOf(changed([HEAD, `redFlags: { field: redFlags }\n\n${HEAD}`]))).toEqual([]);
    expect(faultsOf(SAMPLE)).toEqual([]);
  });
});

describe("Names of red flags that lead nowhere are refused", () => {
  itRefuses([
    [
      own("{ event: infection.suspcted, signs: findings, field: alarms }"),
      "redFlags: { event: infection.suspcted, signs: findings, field: alarms }",
      "`redFlags` needs the event `infection.suspcted`, which is not declared: perhaps `infection.suspected` is meant.",
    ],
    [
      own("{ event: infection.suspected, signs: finding, field: alarms }"),
      "redFlags: { event: infection.suspected, signs: finding, field: alarms }",
      "`redFlags` reads `finding` of `infection.suspected`, which has no such field: perhaps `findings` is meant.",
    ],
    [
      own("{ event: infection.suspected, field: alarms }"),
      "redFlags: { event: infection.suspected, field: alarms }",
      "`redFlags` reads `signs` of `infection.suspected`, which has no such field: known are `findings` and `size`.",
    ],
    [
      own("{ event: infection.suspected, signs: findings, field: alarm }"),
      "redFlags: { event: infection.suspected, signs: findings, field: alarm }",
      "`redFlags` reads the field `alarm`, which no event but `infection.suspected` declares: perhaps `alarms` is meant.",
    ],
    [
      [...own("{ event: infection.suspected, signs: size, field: alarms }")],
      "schema: { type: object, properties: { findings: { type: array }, size: { type: number } } }",
      "`size` of `infection.suspected` is no list, and the engine reads it: write `type: array`, or choose another name.",
    ],
    [
      [
        [
          "urgent: true\n  redFlag.reviewed",
          "schema: { type: object, properties: { signs: { type: string } } }\n  redFlag.reviewed",
        ],
      ],
      "schema: { type: object, properties: { signs: { type: string } } }",
      "`signs` of `redFlag.reported` is no list, and the engine reads it: write `type: array`, or choose another name.",
    ],
    [
      own("{ events: infection.suspected }"),
      "redFlags: { events: infection.suspected }",
      "`redFlags` has an unknown field `events`: leave it out; perhaps `event` is meant.",
    ],
    [own("{}"), "redFlags: {}", "`redFlags` must not be empty: add one."],
  ]);
});
