import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { makeCalendar, makeRule, type CalendarVersion } from "../../src/core/calendar.js";
import { runs } from "./seed.js";

/** Of every kind: whole and half hours, half-hour and two-hour changes, midnight changes, days left out, none at all. */
const ZONES = [
  ...[
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Lisbon",
    "America/New_York",
    "America/St_Johns",
  ],
  ...["America/Sao_Paulo", "America/Santiago", "America/Havana", "America/Phoenix", "America/Caracas", "Asia/Kolkata"],
  ...["Asia/Kathmandu", "Asia/Tehran", "Asia/Gaza", "Asia/Beirut", "Asia/Manila", "Asia/Pyongyang", "Africa/Cairo"],
  ...["Africa/Casablanca", "Africa/Monrovia", "Australia/Lord_Howe", "Australia/Sydney", "Antarctica/Troll"],
  ...["Pacific/Apia", "Pacific/Kwajalein", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Auckland"],
];

const FIRST = Temporal.Instant.from("0001-01-03T00:00Z").epochMilliseconds;
/** What is due from then on is due in 9999 at the latest: later holidays have no name. */
const LAST = Temporal.Instant.from("9993-12-29T00:00Z").epochMilliseconds;
const LIVED = [Temporal.Instant.from("1960-01-01T00:00Z"), Temporal.Instant.from("2060-01-01T00:00Z")] as const;
const HOUR = 3_600_000;

const zoned = (instant: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);

const anyInstant = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }),
  fc.integer({ min: LIVED[0].epochMilliseconds, max: LIVED[1].epochMilliseconds }),
);

/** Anywhere, or within two days of a change of the zone's offset, or at it to the millisecond. */
const moments = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    instant: anyInstant,
    near: fc.option(fc.oneof(fc.integer({ min: -50 * HOUR, max: 50 * HOUR }), fc.integer({ min: -2, max: 2 })), {
      freq: 4,
    }),
  })
  .map(({ timeZone, instant, near }) => {
    const change = near === null ? null : zoned(instant, timeZone).getTimeZoneTransition("next");
    const moved = change && change.epochMilliseconds + near!;
    return { timeZone, instant: moved !== null && moved < LAST ? moved : instant };
  });

const times = fc.constantFrom("00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "09:00", "23:45");

const rules = fc.record({
  after: fc.oneof(
    fc.constantFrom(
      "PT0S",
      "P0D",
      "P1D",
      "P2D",
      "P7D",
      "P4W",
      "P1M",
      "P4M",
      "P1Y",
      "P1M1D",
      "P1DT2H",
      "PT36H",
      "P1MT30M",
    ),
    fc
      .record({ months: fc.nat(50), days: fc.nat(400), hours: fc.nat(60), seconds: fc.nat(90) })
      .map((parts) => Temporal.Duration.from(parts).toString()),
  ),
  at: fc.option(times, { nil: undefined }),
  workingDay: fc.boolean(),
});

/** F8 and F11, word for word. */
function dueByTemporal(
  { timeZone, workingDays, holidays }: CalendarVersion,
  base: number,
  { after, at, workingDay }: { after: string; at: string | undefined; workingDay: boolean },
  heldMs: number,
): number {
  const reached = zoned(base, timeZone).add(after).add({ milliseconds: heldMs });
  const works = (day: Temporal.PlainDate): boolean =>
    workingDays.includes(day.dayOfWeek) && !holidays.includes(day.toString());
  let day = reached.toPlainDate();
  if (at === undefined && (!workingDay || works(day))) return reached.epochMilliseconds;
  while (workingDay && !works(day)) day = day.add({ days: 1 });
  const plainTime = at === undefined ? reached.toPlainTime() : Temporal.PlainTime.from(at);
  return day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}

describe("the calendar's arithmetic is Temporal's, in every zone and year", () => {
  it("for what is due", () => {
    const held = fc.oneof(fc.constant(0), fc.nat(1000), fc.nat(400 * HOUR));
    fc.assert(
      fc.property(moments, rules, held, ({ timeZone, instant }, rule, heldMs) => {
        const around = zoned(instant, timeZone).add(rule.after).add({ milliseconds: heldMs }).toPlainDate();
        const holidays = [0, 1, 3].map((days) => around.add({ days }).toString());
        const version = { timeZone, workingDays: [1, 2, 3, 4, 5], holidays };
        const at = rule.at === undefined ? undefined : Temporal.PlainTime.from(rule.at);
        const compiled = makeRule(Temporal.Duration.from(rule.after), at, rule.workingDay);
        expect(makeCalendar(version).due(instant, compiled, heldMs)).toBe(
          dueByTemporal(version, instant, rule, heldMs),
        );
      }),
      runs(4000),
    );
  });

  it("for days and times of day", () => {
    fc.assert(
      fc.property(moments, times, ({ timeZone, instant }, time) => {
        const calendar = makeCalendar({ timeZone, workingDays: [], holidays: [] });
        const day = zoned(instant, timeZone).toPlainDate();
        const date = day.toString();
        const plainTime = Temporal.PlainTime.from(time);
        expect(calendar.dateOf(instant)).toBe(date);
        expect(calendar.startOfDay(date)).toBe(day.toZonedDateTime(timeZone).epochMilliseconds);
        expect(calendar.endOfDay(date)).toBe(day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds - 1);
        expect(calendar.at(date, time)).toBe(day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds);
      }),
      runs(4000),
    );
  });
});
