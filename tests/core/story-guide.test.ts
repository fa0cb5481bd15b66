import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { compile, LineFault, projectLines, runStory, type JsonObject, type Story } from "../../src/core/index.js";
import { blocks, prose, sample } from "./document-sample.js";

const pathway = compile(sample());
const [patient, knownLater] = blocks("ndjson").map((block) =>
  block
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line)),
);
const [answer, answerThen] = blocks("json").map((block) => JSON.parse(block) as JsonObject);
const stories = blocks("yaml").filter((text) => text.startsWith("story: "));

describe("The guide tells how patients are written down", () => {
  it("shows what is printed of one", () => {
    expect(projectLines(pathway, patient!)).toMatchObject(answer!);
    expect(prose).toContain("Beside these it has `derived`, `latest`");
    const told = ["status", "state", "tasks", "timers", "flags", "refused", "derived", "latest", "trace"];
    expect(Object.keys(projectLines(pathway, patient!)).sort()).toEqual(told.sort());
  });

  it("shows what is printed of what was known at an instant, and what changes once all is known", () => {
    const [, knownAt] = /`--known-at (\S+)`/.exec(prose)!;
    expect(projectLines(pathway, knownLater!, { knownAt })).toMatchObject(answerThen!);
    expect(projectLines(pathway, knownLater!)).not.toMatchObject(answerThen!);
  });

  it.each([
    ["an event", { type: "wound.dressed", other: 1 }],
    ["a correction", { corrects: 1, other: 1 }],
  ])("names every field of %s", (what, line) => {
    const fold = (): unknown => projectLines(pathway, [patient![0], line]);
    expect(fold).toThrow(LineFault);
    try {
      fold();
    } catch (error) {
      const known = /known are (.*)\.$/.exec((error as Error).message)![1]!.split(", ");
      expect(known.filter((field) => !rows(`field of ${what}`).includes(`\`${field}\``))).toEqual([]);
    }
  });

  it("shows a story that holds, each expectation of which can fail", () => {
    expect(stories).toHaveLength(1);
    const story = parse(stories[0]!) as Story;
    expect(runStory(pathway, story)).toEqual([]);
    for (const [index, { asOf, knownAt }] of story.expect.entries()) {
      const other = { ...story.expect[(index + 1) % story.expect.length]!, asOf, knownAt };
      expect(runStory(pathway, { ...story, expect: [other] })).not.toEqual([]);
    }
  });

  it("names every field of a story and of an expectation", () => {
    const story = parse(stories[0]!) as Story;
    for (const field of Object.keys(story)) expect(rows("field of a story")).toContain(`\`${field}\``);
    for (const field of story.expect.flatMap(Object.keys)) {
      expect(rows("field of an expectation")).toContain(`\`${field}\``);
    }
  });
});

/** The rows of the table with this heading. */
function rows(heading: string): string {
  return new RegExp(`^\\| ${heading} [^]*?\\n\\n`, "m").exec(prose)![0];
}
