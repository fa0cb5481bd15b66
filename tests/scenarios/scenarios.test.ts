import { describe, expect, it } from "@jest/globals";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { projectLines } from "../../src/core/story/lines.js";
import { runStory, type Story } from "../../src/core/story/story.js";
import { makeCalendar, parseInstant, type Pathway } from "../../src/core/index.js";
import { pathway, second } from "./pathway.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const shared = fileURLToPath(new URL("../../../shared/scenarios/", import.meta.url));

function storiesIn(folder: string): { name: string; story: Story }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => ({ name, story: parse(readFileSync(folder + name, "utf8")) as Story }));
}

/** A line that is refused at the end of a story and that none of its expectations names: most often a mistake in it. */
function unexpectedRefusals(pathway: Pathway, story: Story): string[] {
  const named = new Set(story.expect.flatMap(({ refused }) => refused ?? []));
  const { asOf, knownAt } = story.expect.at(-1)!;
  const { refused } = projectLines(pathway, story.events, { asOf, knownAt, timeZone: story.timeZone });
  return (refused as unknown as { index: number; reason: string }[])
    .filter(({ index }) => !named.has(index))
    .map(({ index, reason }) => `Event ${index} was refused, and nothing says so: ${reason}`);
}

describe("The first pathway does in every story what the clinical text says", () => {
  it.each(storiesIn(here))("$name: $story.story", ({ story }) => {
    expect(story.pathway).toBe(`${pathway.id}@${pathway.version}`);
    expect([...runStory(pathway, story), ...unexpectedRefusals(pathway, story)]).toEqual([]);
  });
});

/** Of the stories of 1.0.0, those in which 1.1.0 does something else than to move what is due, and why. */
const DIFFERENT: Record<string, string> = {};

/** Neither waits for a working day. */
const REAL_HOURS = ["safety.urgent", "safety.underTreatment", "pathway.paused"];
const EVENING = { ...{ months: 0, days: 0, ms: 0 }, at: 17 * 60 * 60 * 1000, workingDay: true };

/** The story as 1.1.0 has it: routine tasks are due at 17:00 of a working day. */
function dueInTheEvening(story: Story): Story {
  const { timeZone = "UTC" } = story;
  const calendar = makeCalendar({ timeZone, workingDays: [1, 2, 3, 4, 5], holidays: [] });
  const evening = (dueAt: string): string => new Date(calendar.due(parseInstant(dueAt)!, EVENING)).toISOString();
  const expected = story.expect.map((one) => ({
    ...one,
    ...(one.tasks && {
      tasks: one.tasks.map((task) =>
        task.dueAt === undefined || REAL_HOURS.includes(task.key) ? task : { ...task, dueAt: evening(task.dueAt) },
      ),
    }),
  }));
  return { ...story, pathway: undefined, expect: expected };
}

describe("The second version does what the first one did, and is due at the end of a working day", () => {
  it.each(storiesIn(here).filter(({ name }) => !(name in DIFFERENT)))("$name", ({ story }) => {
    const { pathway: _, ...moved } = dueInTheEvening(story);
    expect([...runStory(second.pathway, moved), ...unexpectedRefusals(second.pathway, moved)]).toEqual([]);
  });
});

describe("The second version does in every story of its own what the clinical text says", () => {
  it.each(storiesIn(`${here}1.1.0/`))("$name: $story.story", ({ story }) => {
    expect(story.pathway).toBe(`${second.pathway.id}@1.1.0`);
    expect([...runStory(second.pathway, story), ...unexpectedRefusals(second.pathway, story)]).toEqual([]);
  });
});

if (existsSync(shared)) {
  describe("The stories handed over with the clinical text hold", () => {
    it.each(storiesIn(shared))("$name: $story.story", ({ story }) => {
      expect(runStory(pathway, story)).toEqual([]);
    });
  });
}
