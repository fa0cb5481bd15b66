import { describe, expect, it } from "@jest/globals";
import { makeCalendar, noPlaceZone, placeZone, projectLines } from "../../src/core/index.js";
import { firstPathway } from "./first-pathway.js";

describe("A time zone is region and city, or UTC", () => {
  it.each([
    ...[
      "Europe/London",
      "Asia/Kolkata",
      "Asia/Calcutta",
      "America/Argentina/Buenos_Aires",
      "Antarctica/DumontDUrville",
    ],
    ...["America/Port-au-Prince", "Pacific/Auckland", "UTC"],
  ])("%s is taken, in whatever case, as it is written", (name) => {
    for (const typed of [name, name.toLowerCase(), name.toUpperCase()]) expect(placeZone(typed)).toBe(name);
    expect(() => makeCalendar({ timeZone: name, workingDays: [1], holidays: [] }).dateOf(0)).not.toThrow();
  });

  it("every one that the runtime lists is taken", () => {
    const listed = Intl.supportedValuesOf("timeZone");
    expect(listed.filter((name) => name !== "UTC" && !name.startsWith("Etc/") && placeZone(name) !== name)).toEqual([]);
  });

  it.each([
    ["EST", "Europe/London or America/New_York"],
    ["MST", "Europe/London or America/New_York"],
    ["EST5EDT", "America/New_York"],
    ["US/Eastern", "America/New_York"],
    ["GB", "Europe/London"],
    ["GMT", "Europe/London or America/New_York"],
    ["Etc/GMT+5", "Europe/London or America/New_York"],
    ["Etc/UTC", "Europe/London or America/New_York"],
    ["Zulu", "Europe/London or America/New_York"],
    ["+05:00", "Europe/London or America/New_York"],
    ["Mars/Olympus", "Europe/London or America/New_York"],
    ["Europe/Berlin ", "Europe/London or America/New_York"],
    ["2026-01-01T00:00[Europe/Berlin]", "Europe/London or America/New_York"],
    ["", "Europe/London or America/New_York"],
  ])("%s is refused, and the sentence says what to write", (name, example) => {
    expect(placeZone(name)).toBeUndefined();
    expect(noPlaceZone(name)).toBe(
      `"${name}" is no time zone of a place: write region and city, such as ${example}, or UTC.`,
    );
  });

  it("holds for what is projected without a database too", () => {
    const lines = [{ type: "pathway.enrolled", occurredAt: "2026-01-05" }];
    expect(() => projectLines(firstPathway(), lines, { timeZone: "EST" })).toThrow(noPlaceZone("EST"));
    const project = (timeZone: string) => projectLines(firstPathway(), lines, { timeZone });
    expect(project("america/new_york")).toEqual(project("America/New_York"));
  });
});
