import { describe, expect, it } from "@jest/globals";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { projectLines } from "../../src/core/story/lines.js";
import { runStory, type Story } from "../../src/core/story/story.js";
import { pathway } from "./pathway.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const shared = fileURLToPath(new URL("../../../shared/scenarios/", import.meta.url));

function storiesIn(folder: string): { name: string; story: Story }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => ({ name, story: parse(readFileSync(folder + name, "utf8")) as Story }));
}

/** A line that is refused at the end of a story and that none of its expectations names: most often a mistake in it. */
function unexpectedRefusals(story: Story): string[] {
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
    expect([...runStory(pathway, story), ...unexpectedRefusals(story)]).toEqual([]);
  });
});

if (existsSync(shared)) {
  describe("The stories handed over with the clinical text hold", () => {
    it.each(storiesIn(shared))("$name: $story.story", ({ story }) => {
      expect(runStory(pathway, story)).toEqual([]);
    });
  });
}
