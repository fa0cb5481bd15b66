import { describe, expect, it } from "@jest/globals";
import { projectLines, type JsonObject, type ProjectOptions } from "../../src/core/index.js";
import { firstPathway, response } from "./first-pathway.js";

const pathway = firstPathway();
const ENROLLED = { type: "pathway.enrolled", occurredAt: "2026-01-01T09:00:00Z" };
const pain = (index: number, occurredAt: string): JsonObject => ({
  ...{ type: "pain.scored", occurredAt, data: { index, redFlags: [] } },
});
/** Nothing takes an assessment before radiotherapy has started. */
const untaken = (occurredAt: string): JsonObject => ({
  ...{ type: "response.assessed", occurredAt, data: response("improved", "improved") },
});

const recorded = (lines: object[], ...days: string[]): object[] =>
  lines.map((line, index) => ({ ...line, recordedAt: `2026-02-${days[index]}T12:00:00Z` }));
const refused = (lines: object[], options?: ProjectOptions): number[] =>
  (projectLines(pathway, lines, options)["refused"] as { index: number }[]).map(({ index }) => index);

describe("What is refused", () => {
  it("raises no flag of the engine's own", () => {
    const answer = projectLines(pathway, [ENROLLED, untaken("2026-01-12")]);
    expect(answer).toMatchObject({ flags: [], refused: [{ index: 1 }] });
  });

  it("is told of no line dated after as-of", () => {
    const lines = [ENROLLED, untaken("2026-01-12"), { type: "unknown.event", occurredAt: "2026-01-12" }];
    expect(refused(lines, { asOf: "2026-01-11" })).toEqual([]);
    expect(refused(lines, { asOf: "2026-01-12" })).toEqual([1, 2]);
  });

  it("is told of an exit of a bare date from when it was recorded", () => {
    const exit = { type: "pathway.exited", occurredAt: "2026-03-05", recordedAt: "2026-03-05T12:00:00Z" };
    const lines = [ENROLLED, { ...exit, data: { reason: "bogus" } }];
    expect(refused(lines, { asOf: "2026-03-05T11:59:59Z" })).toEqual([]);
    expect(refused(lines, { asOf: "2026-03-05T15:00:00Z" })).toEqual([1]);
  });

  it("is told of a bare date on the day of enrolment from the enrolment on", () => {
    const lines = [
      { ...ENROLLED, occurredAt: "2026-01-02T09:00:00Z" },
      { type: "unknown.event", occurredAt: "2026-01-02" },
    ];
    expect(refused([...lines, { corrects: 0, occurredAt: "2026-01-01T09:00:00Z" }], { asOf: "2026-01-01" })).toEqual(
      [],
    );
    expect(projectLines(pathway, lines)).toMatchObject({ status: "active", refused: [{ index: 1 }] });
  });
});

describe("A correction that is refused", () => {
  const bogus = { data: { index: 99, redFlags: [] } };

  it.each<[string, object[], number[]]>([
    ["its event lies later", [{ corrects: 1, ...bogus }], []],
    ["both its event and its own date lie later", [{ corrects: 1, ...bogus, occurredAt: "2026-01-20" }], []],
    ["its own date lies earlier", [{ corrects: 1, ...bogus, occurredAt: "2026-01-02" }], [2]],
    [
      "its event was dated back",
      [
        { corrects: 1, occurredAt: "2026-01-02" },
        { corrects: 1, ...bogus },
      ],
      [3],
    ],
    [
      "its event is refused and lies later",
      [untaken("2026-01-12"), { ...pain(99, "2026-01-12") }, { corrects: 3 }],
      [],
    ],
    ["it corrects no event", [{ corrects: 9, ...bogus }], [2]],
  ])("is tried by the place of its event: %s", (_, lines, indexes) => {
    expect(refused([ENROLLED, pain(2, "2026-01-12"), ...lines], { asOf: "2026-01-02" })).toEqual(indexes);
  });

  it("is told once its event is there", () => {
    expect(refused([ENROLLED, pain(2, "2026-01-12"), { corrects: 1, ...bogus }])).toEqual([2]);
  });
});

describe("The order of recording", () => {
  const at = "2026-01-12T09:00:00Z";
  const lines = [ENROLLED, { corrects: 2, data: { index: 4, redFlags: [] } }, pain(3, at), pain(2, at)];
  const newest = (input: object[]): unknown => projectLines(pathway, input)["latest"];

  it("is that of recordedAt where every line has one", () => {
    const input = recorded(lines, "01", "04", "03", "02");
    expect(refused(input)).toEqual([]);
    expect(newest(input)).toMatchObject({ "pain.scored": { data: { index: 4 } } });
  });

  it("is that of the lines where one has none", () => {
    const input = [...recorded(lines.slice(0, 3), "01", "04", "03"), lines[3]!];
    expect(refused(input)).toEqual([1]);
    expect(newest(input)).toMatchObject({ "pain.scored": { data: { index: 2 } } });
  });
});
