import { describe, expect, it } from "@jest/globals";
import { type OnCall, onCallAt } from "../../src/sites/index.js";

const BERLIN = "Europe/Berlin";

describe("who is on call for a role at an instant", () => {
  const who = (onCall: OnCall["clinician"], at: string, timeZone = BERLIN) =>
    onCallAt({ clinician: onCall }, "clinician", Date.parse(at), timeZone);

  it("is a person named alone at all hours, and nobody for a role that nobody is named for", () => {
    expect(who(["a", "b"], "2026-06-15T03:00:00Z")).toEqual(["a", "b"]);
    expect(onCallAt({ clinician: ["a"] }, "lead", Date.parse("2026-06-15T03:00:00Z"), BERLIN)).toEqual([]);
  });

  it("is judged by the site's clock", () => {
    const day = [{ person: "a", from: "08:00", to: "17:00" }];
    expect(who(day, "2026-06-15T05:59:59.999Z")).toEqual([]);
    expect(who(day, "2026-06-15T06:00:00Z")).toEqual(["a"]);
    expect(who(day, "2026-06-15T14:59:59.999Z")).toEqual(["a"]);
    expect(who(day, "2026-06-15T15:00:00Z")).toEqual([]);
    expect(who(day, "2026-06-15T06:00:00Z", "America/New_York")).toEqual([]);
    expect(who(day, "2026-06-15T12:00:00Z", "America/New_York")).toEqual(["a"]);
  });

  it("lasts beyond midnight, on the days on which it begins", () => {
    const fridays = [{ person: "a", days: [5], from: "20:00", to: "08:00" }];
    expect(who(fridays, "2026-06-19T17:59:00Z")).toEqual([]);
    expect(who(fridays, "2026-06-19T18:00:00Z")).toEqual(["a"]);
    expect(who(fridays, "2026-06-19T22:00:00Z")).toEqual(["a"]);
    expect(who(fridays, "2026-06-20T05:59:59Z")).toEqual(["a"]);
    expect(who(fridays, "2026-06-20T06:00:00Z")).toEqual([]);
    expect(who(fridays, "2026-06-19T05:00:00Z")).toEqual([]);
    expect(who(fridays, "2026-06-20T20:00:00Z")).toEqual([]);
  });

  it("is the whole day without hours, and until midnight with 00:00", () => {
    const weekend = [{ person: "a", days: [6, 7] }];
    expect(who(weekend, "2026-06-19T21:59:59Z")).toEqual([]);
    expect(who(weekend, "2026-06-19T22:00:00Z")).toEqual(["a"]);
    expect(who(weekend, "2026-06-21T21:59:59Z")).toEqual(["a"]);
    expect(who(weekend, "2026-06-21T22:00:00Z")).toEqual([]);
    const evenings = [{ person: "a", days: [1], from: "17:00", to: "00:00" }];
    expect(who(evenings, "2026-06-15T21:59:59Z")).toEqual(["a"]);
    expect(who(evenings, "2026-06-15T22:00:00Z")).toEqual([]);
    const roundTheClock = [{ person: "a", days: [1], from: "08:00", to: "08:00" }];
    expect(who(roundTheClock, "2026-06-15T05:00:00Z")).toEqual([]);
    expect(who(roundTheClock, "2026-06-16T05:59:59Z")).toEqual(["a"]);
    expect(who(roundTheClock, "2026-06-16T06:00:00Z")).toEqual([]);
  });

  it("names nobody in a gap, and several where hours overlap, each once in the site's order", () => {
    const shifts = [
      { person: "b", from: "12:00", to: "20:00" },
      { person: "a", from: "08:00", to: "14:00" },
      { person: "b", from: "13:00", to: "14:00" },
    ];
    expect(who(shifts, "2026-06-15T11:30:00Z")).toEqual(["b", "a"]);
    expect(who(shifts, "2026-06-15T19:00:00Z")).toEqual([]);
    expect(who([], "2026-06-15T19:00:00Z")).toEqual([]);
  });

  /** Two who follow each other at a time of day, round the clock. */
  const handingOver = (time: string) => [
    { person: "early", from: "20:00", to: time },
    { person: "late", from: time, to: "20:00" },
  ];
  const everyMinute = (from: string, hours: number) =>
    Array.from({ length: hours * 60 }, (_, minute) => Date.parse(from) + minute * 60_000);

  it("hands over once, where a clock change skips the time or shows it twice", () => {
    for (const [night, time, over] of [
      ["2026-03-28T22:00:00Z", "02:30", "2026-03-29T01:30:00Z"],
      ["2026-10-24T22:00:00Z", "02:30", "2026-10-25T00:30:00Z"],
      ["2026-03-28T22:00:00Z", "03:00", "2026-03-29T01:00:00Z"],
      ["2026-10-24T22:00:00Z", "03:00", "2026-10-25T02:00:00Z"],
    ] as const) {
      const onCall = { clinician: handingOver(time) };
      for (const instant of everyMinute(night, 6)) {
        const expected = instant < Date.parse(over) ? ["early"] : ["late"];
        expect([new Date(instant), onCallAt(onCall, "clinician", instant, BERLIN)]).toEqual([
          new Date(instant),
          expected,
        ]);
      }
    }
  });

  it("lasts an hour less or more through the night of a clock change", () => {
    const night = [{ person: "a", from: "22:00", to: "06:00" }];
    const minutes = (from: string) =>
      everyMinute(from, 14).filter((instant) => onCallAt({ clinician: night }, "clinician", instant, BERLIN).length > 0)
        .length;
    expect(minutes("2026-03-28T18:00:00Z")).toBe(7 * 60);
    expect(minutes("2026-10-24T18:00:00Z")).toBe(9 * 60);
    expect(minutes("2026-06-15T18:00:00Z")).toBe(8 * 60);
  });

  it("covers a day whose midnight is skipped", () => {
    const saturdays = [{ person: "a", days: [6] }];
    const sundays = [{ person: "a", days: [7] }];
    // Beirut goes from 00:00 to 01:00 on the last Sunday of March.
    expect(who(saturdays, "2026-03-28T21:59:59Z", "Asia/Beirut")).toEqual(["a"]);
    expect(who(saturdays, "2026-03-28T22:00:00Z", "Asia/Beirut")).toEqual([]);
    expect(who(sundays, "2026-03-28T22:00:00Z", "Asia/Beirut")).toEqual(["a"]);
    expect(who(sundays, "2026-03-29T20:59:59Z", "Asia/Beirut")).toEqual(["a"]);
    expect(who(sundays, "2026-03-29T21:00:00Z", "Asia/Beirut")).toEqual([]);
  });
});
