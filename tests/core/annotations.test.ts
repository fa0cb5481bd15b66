import { describe, expect, it } from "@jest/globals";
import { compile, makeCalendar, project, projectLines, runStory, type FoldRecord } from "../../src/core/index.js";
import { event, instant } from "./first-pathway.js";

const calendar = makeCalendar({ timeZone: "UTC", workingDays: [1, 2, 3, 4, 5], holidays: [] });
const schema = { type: "object", properties: { area: { type: "number" } } };

/** The area is optional, and neither the flag nor the value asks whether it is there. */
const pathway = compile({
  ...{ id: "wound", version: "1.0.0", title: "Wound", tracks: { care: "Care" } },
  parameters: { pauseReviewAfter: { value: "P4W", unit: "duration", source: null, evidence: "siteDecision" } },
  events: { "wound.seen": { title: "Seen", reporters: ["clinician"], schema } },
  machine: { type: "parallel", states: { care: { on: { "wound.seen": {} }, meta: { quiet: true } } } },
  flags: [
    { name: "large", severity: "critical", when: "events('wound.seen').exists(e, e.data.area > 9.0)", text: "Large." },
    { name: "seen", severity: "info", when: "events('wound.seen').size() > 0", text: "Seen." },
  ],
  derived: { area: { value: "latest('wound.seen').data.area", source: null, evidence: "siteDecision" } },
});

const seen = (data: { area?: number }): FoldRecord[] => [
  event(1, "pathway.enrolled", "2026-01-05T09:00:00Z"),
  { ...event(2, "wound.seen", "2026-01-06T09:00:00Z"), data } as FoldRecord,
];
const shown = (data: { area?: number }): object => {
  const projection = project(pathway, calendar, seen(data), instant("2026-01-07T09:00:00Z"));
  if (projection.status === "notEnrolled") throw new Error("Not enrolled.");
  const { flags, derived } = projection;
  return { flags, derived };
};

describe("flags and derived values", () => {
  it("are shown where they hold", () => {
    expect(shown({ area: 12 })).toEqual({
      flags: [
        { name: "large", severity: "critical", text: "Large." },
        { name: "seen", severity: "info", text: "Seen." },
      ],
      derived: { area: 12 },
    });
  });

  it("keep nobody from reading where an expression fails, and are not taken for a no", () => {
    const fault = expect.stringContaining("failed") as unknown as string;
    expect(shown({})).toEqual({
      flags: [
        { name: "large", severity: "warning", text: "Nobody knows whether this holds: Large.", fault },
        { name: "seen", severity: "info", text: "Seen." },
        { name: "area", severity: "warning", text: 'The value "area" could not be worked out.', fault },
      ],
      derived: { area: null },
    });
  });

  const lines = [
    { type: "pathway.enrolled", occurredAt: "2026-01-05" },
    { type: "wound.seen", occurredAt: "2026-01-06", data: {} },
  ];

  it("that fail are shown to the author as to everybody", () => {
    expect(projectLines(pathway, lines)).toMatchObject(shown({}));
  });

  it("that fail are not raised in a story, which says why", () => {
    const expected = (...flags: string[]): object => ({ events: lines, expect: [{ asOf: "2026-01-07", flags }] });
    expect(runStory(pathway, expected("seen"))).toEqual([]);
    expect(runStory(pathway, expected("large", "area", "none"))).toEqual([
      expect.stringMatching(/^As of 2026-01-07: flag large is not raised, it failed: The expression `events.*failed/),
      expect.stringMatching(/^As of 2026-01-07: flag area is not raised, it failed: The expression `latest.*failed/),
      "As of 2026-01-07: flag none is not raised.",
    ]);
  });
});

describe("a flag that holds messages", () => {
  const flag = {
    name: "gone",
    severity: "warning" as const,
    when: "events('wound.seen').exists(e, e.data.area > 9.0)",
  };
  const holding = compile({
    ...pathway.document,
    flags: [{ ...flag, text: "Gone?", holdsMessages: true }],
    derived: {},
  });
  const flagsOf = (data: { area?: number }): object[] => {
    const projection = project(holding, calendar, seen(data), instant("2026-01-07T09:00:00Z"));
    return projection.status === "notEnrolled" ? [] : projection.flags;
  };

  it("says so while it is raised", () => {
    expect(flagsOf({ area: 12 })).toEqual([{ name: "gone", severity: "warning", text: "Gone?", holdsMessages: true }]);
    expect(flagsOf({ area: 3 })).toEqual([]);
  });

  it("holds them as well where nobody knows whether it is", () => {
    expect(flagsOf({})).toMatchObject([{ name: "gone", holdsMessages: true, fault: expect.any(String) }]);
  });
});
