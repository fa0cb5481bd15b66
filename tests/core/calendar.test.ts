import { describe, expect, it } from "@jest/globals";
import { Temporal } from "temporal-polyfill";
import { makeCalendar, makeRule, type Rule } from "../../src/core/calendar.js";
import { formatInstant, parseDate, parseInstant, parseWhen } from "../../src/core/time.js";

const calendar = (timeZone: string, holidays: string[] = [], workingDays = [1, 2, 3, 4, 5]) =>
  makeCalendar({ timeZone, workingDays, holidays });
const rule = (after: string, at?: string, workingDay = false): Rule =>
  makeRule(Temporal.Duration.from(after), at === undefined ? undefined : Temporal.PlainTime.from(at), workingDay);
const instant = (text: string): number => parseInstant(text)!;

describe("a due instant", () => {
  it.each([
    [
      "31 October plus four months is the last day of February",
      "2025-10-31T14:00:00-04:00",
      "P4M",
      "09:00",
      "2026-02-28T09:00:00-05:00",
    ],
    ["in a leap year that is the 29th", "2023-10-31T14:00:00-04:00", "P4M", "09:00", "2024-02-29T09:00:00-05:00"],
    [
      "days keep the wall clock over a DST change",
      "2026-03-07T12:00:00-05:00",
      "P1D",
      undefined,
      "2026-03-08T12:00:00-04:00",
    ],
    [
      "hours are elapsed over a DST change",
      "2026-03-07T12:00:00-05:00",
      "PT24H",
      undefined,
      "2026-03-08T13:00:00-04:00",
    ],
    [
      "a skipped time moves forward by the gap",
      "2026-03-07T02:30:00-05:00",
      "P1D",
      undefined,
      "2026-03-08T03:30:00-04:00",
    ],
    ["a doubled time takes the first", "2026-10-31T01:30:00-04:00", "P1D", undefined, "2026-11-01T01:30:00-04:00"],
  ])("%s", (_, base, after, at, due) => {
    expect(formatInstant(calendar("America/New_York").due(instant(base), rule(after, at)))).toBe(
      formatInstant(instant(due)),
    );
  });

  it("moves to the next working day at its time of day, over holidays", () => {
    const due = calendar("Europe/London", ["2026-04-03", "2026-04-06"]).due(
      instant("2026-03-06T10:00:00Z"),
      rule("P4W", "09:00", true),
    );
    expect(formatInstant(due)).toBe("2026-04-07T08:00:00.000Z");
  });

  it("keeps the resulting time of day on the next working day where the rule names none", () => {
    expect(formatInstant(calendar("UTC").due(instant("2026-01-03T10:20:00Z"), rule("P7D", undefined, true)))).toBe(
      "2026-01-12T10:20:00.000Z",
    );
  });

  it("faults rather than hangs without a working day", () => {
    expect(() => calendar("UTC", [], []).due(0, rule("P1D", "09:00", true))).toThrow("no working day");
  });
});

describe("an instant that a pause held (F11)", () => {
  it.each([
    // Base + duration is Tuesday the 6th at 10:00; three days and half an hour more is Friday the 9th.
    ["the time of day is found after what was held", 72.5, "P1D", "2026-01-09T09:00:00.000Z"],
    ["a second of it moves nothing", 1 / 3600, "P1D", "2026-01-06T09:00:00.000Z"],
    ["what crosses midnight moves a day", 14, "P1D", "2026-01-07T09:00:00.000Z"],
    ["and not a minute earlier", 14 - 1 / 60, "P1D", "2026-01-06T09:00:00.000Z"],
    ["then comes the working day", 4 * 24, "P1D", "2026-01-12T09:00:00.000Z"],
  ])("%s", (_, hours, after, due) => {
    const base = instant("2026-01-05T10:00:00Z");
    expect(formatInstant(calendar("UTC").due(base, rule(after, "09:00", true), hours * 3_600_000))).toBe(due);
  });

  it("moves by what elapsed where the rule names no time of day", () => {
    expect(calendar("UTC").due(1000, rule("PT1H"), 5000)).toBe(3_606_000);
  });
});

describe("a day of the site", () => {
  it("starts and ends by the site's clock, also when it has 23 hours", () => {
    const day = calendar("Europe/London");
    expect(formatInstant(day.startOfDay("2026-03-29"))).toBe("2026-03-29T00:00:00.000Z");
    expect(formatInstant(day.endOfDay("2026-03-29"))).toBe("2026-03-29T22:59:59.999Z");
    expect(day.dateOf(instant("2026-03-29T23:30:00Z"))).toBe("2026-03-30");
  });
});

describe("reading times", () => {
  it("takes RFC 3339 instants with their zone and existing dates only", () => {
    expect(parseInstant("2026-03-02T09:00:00.1234-05:00")).toBe(Date.UTC(2026, 2, 2, 14, 0, 0, 123));
    for (const text of ["2026-03-02T09:00:00", "2026-03-02 09:00:00Z", "2026-02-30T09:00:00Z", "yesterday", ""]) {
      expect(parseInstant(text)).toBeUndefined();
    }
    expect(parseDate("2026-02-28")).toBe("2026-02-28");
    expect(parseDate("2026-02-29")).toBeUndefined();
    expect(parseWhen("2026-02-28")).toBe("2026-02-28");
  });
});

describe("a rung", () => {
  const nine = 9 * 60 * 60 * 1000;
  const between = { from: nine, to: nine + 10 * 60 * 60 * 1000 };
  const berlin = calendar("Europe/Berlin", ["2026-04-03", "2026-04-06"]);

  it.each<[string, string, Partial<Rule>, string]>([
    [
      "counts working days from the day after",
      "2026-04-01T17:00:00+02:00",
      { workingDays: 1 },
      "2026-04-02T17:00:00+02:00",
    ],
    ["passes over weekends and holidays", "2026-04-02T17:00:00+02:00", { workingDays: 3 }, "2026-04-09T17:00:00+02:00"],
    [
      "counts none of the days off that it begins on",
      "2026-04-04T17:00:00+02:00",
      { workingDays: 1 },
      "2026-04-07T17:00:00+02:00",
    ],
    ["waits for the first hour of the day", "2026-04-04T08:59:59+02:00", { between }, "2026-04-04T09:00:00+02:00"],
    ["begins with the first hour", "2026-04-04T09:00:00+02:00", { between }, "2026-04-04T09:00:00+02:00"],
    ["keeps a time within the hours", "2026-04-04T18:59:59+02:00", { between }, "2026-04-04T18:59:59+02:00"],
    [
      "waits for the next day where the hours have ended",
      "2026-04-04T19:00:00+02:00",
      { between },
      "2026-04-05T09:00:00+02:00",
    ],
    [
      "waits for the next working day then",
      "2026-04-02T19:00:00+02:00",
      { between, workingDay: true },
      "2026-04-07T09:00:00+02:00",
    ],
    [
      "waits over the night in which the clocks go forward",
      "2026-03-28T22:00:00+01:00",
      { between },
      "2026-03-29T09:00:00+02:00",
    ],
    [
      "keeps the hour that is there twice",
      "2026-10-25T02:30:00+01:00",
      { between: { from: 0, to: nine } },
      "2026-10-25T02:30:00+01:00",
    ],
    ["counts back over the month", "2026-03-31T09:00:00+02:00", { days: -3 }, "2026-03-28T09:00:00+01:00"],
  ])("%s", (_, base, more, due) => {
    expect(formatInstant(berlin.due(instant(base), { ...rule("P0D"), ...more }))).toBe(formatInstant(instant(due)));
  });
});
