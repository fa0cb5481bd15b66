import { describe, expect, it } from "@jest/globals";
import { runStory } from "../../src/core/index.js";
import { readStory } from "../../src/core/story/story.js";
import { firstPathway } from "./first-pathway.js";

const pathway = firstPathway();
const EVENTS = [{ type: "pathway.enrolled", occurredAt: "2026-01-05T09:00:00Z" }];
const asOf = "2026-01-06";
const told = (story: object): string[] => runStory(pathway, { events: EVENTS, expect: [{ asOf }], ...story });
const expecting = (expected: object): string[] => told({ expect: [{ asOf, ...expected }] });

const FIELDS = "`story`, `pathway`, `timeZone`, `events`, `expect` and `note`";

describe("A story", () => {
  it.each<[object, string]>([
    [{ evnts: [] }, `\`evnts\` is no field of a story; known are ${FIELDS}.`],
    [{ timeZone: 1 }, "`timeZone` is not a text."],
    [{ events: {} }, "`events` is not a list."],
    [{ expect: [] }, "`expect` is empty: say what must hold, and as of when."],
    [{ expect: [asOf] }, "`expect[0]` is not an object."],
    [{ expect: [{ status: "active" }] }, "`expect[0].asOf` is missing: an expectation needs it."],
    [{ expect: [{ asOf, refused: 1 }] }, "`expect[0].refused` is not a list."],
    [{ expect: [{ asOf, absent: null }] }, "`expect[0].absent` is not a list."],
    [{ pathway: "other@1.0.0" }, `it is written for other@1.0.0, not for ${pathway.id}@1.0.0.`],
  ])("is refused in one sentence: %j", (story, sentence) => {
    expect(told(story)).toEqual([sentence]);
  });

  it("needs events and expectations, and is told of each unknown field", () => {
    expect(runStory(pathway, null)).toEqual(["a story has a list of events and a list of what to expect."]);
    const sentences = ["`events` is missing: a story needs it.", "`expect` is missing: a story needs it."];
    expect(runStory(pathway, {})).toEqual(sentences);
    expect(expecting({ flag: [] })).toEqual([
      expect.stringMatching(/^`expect\[0\].flag` is no field of an expectation; known are `asOf`, .* and `flags`\.$/),
    ]);
  });

  it("expects nothing of names that are not there", () => {
    expect(expecting({ absent: ["frst"] })).toEqual([
      `As of ${asOf}: \`frst\` is neither a task nor a timer of this document.`,
    ]);
    expect(expecting({ absent: ["treatment.responseReview", "responseReview", "pathway.paused"] })).toEqual([]);
    expect(expecting({ refused: [4] })).toContain(`As of ${asOf}: there is no line 4: the last is 0.`);
    expect(expecting({ state: { treatmnt: "responding" } })).toContain(
      `As of ${asOf}: \`treatmnt\` is no track of this document; perhaps \`treatment\` is meant.`,
    );
  });

  it.each<[string, object]>([
    ["an empty task", { tasks: [{}] }],
    ["a task that is none", { tasks: [5] }],
    ["an empty timer", { timers: [null] }],
    ["a state that is no name", { state: { safety: 5, pain: null } }],
  ])("does not hold by saying nothing: %s", (_, expected) => {
    expect(expecting(expected)).not.toEqual([]);
  });

  it("that is no YAML is told with line and column", () => {
    const read = (text: string) => (): unknown => readStory(text);
    expect(read("story: x\nevents: [{a: 1]\n")).toThrow(/^2:\d+: This is no YAML: [^\n]+; mend the text there\.$/);
    expect(read("story: x\nstory: y\n")).toThrow(/^2:1: [^\n]+ keep one\.$/);
    expect(read("events: *none\n")).toThrow(/^1:\d+: The alias `\*none` has no anchor/);
  });
});
