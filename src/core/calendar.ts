import { Temporal } from "temporal-polyfill";
import { addMonths, dateText, DAY_MS, epochDay, isFourDigitYear, modulo, weekday } from "./days.js";
import type { Instant, PlainDate, When } from "./time.js";
import { zoneOf, type Zone } from "./zone.js";

/** One version of a site's calendar. */
export interface CalendarVersion {
  /** IANA name, such as `Europe/London`. */
  timeZone: string;
  /** ISO weekdays, 1 = Monday. */
  workingDays: number[];
  holidays: PlainDate[];
}

/** A due rule with its parameters filled in (fold.md F8). */
export interface Rule {
  /** By the wall clock. */
  months: number;
  days: number;
  /** Elapsed. */
  ms: number;
  /** So many working days on from the day that is reached. */
  workingDays?: number;
  /** Time of day, in milliseconds. */
  at?: number;
  workingDay: boolean;
  /** Times of day, in milliseconds: what falls before `from` waits until then, what falls at `to` or later for the next day. */
  between?: { from: number; to: number };
}

export function makeRule(after: Temporal.Duration, at: Temporal.PlainTime | undefined, workingDay: boolean): Rule {
  const { years, months, weeks, days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds } = after;
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  return {
    ...{ months: years * 12 + months, days: weeks * 7 + days, workingDay },
    ms: ms + Math.floor((microseconds * 1000 + nanoseconds) / 1e6),
    ...(at && { at: timeOfDay(at) }),
  };
}

/** More days off in a row than any calendar has: a calendar without working days must not hang the fold. */
const LONGEST_HOLIDAY_DAYS = 366;

/** Calendar arithmetic at one site. Times that a DST change skips move forward by the gap; doubled ones take the first. */
export class Calendar {
  private readonly zone: Zone;
  private readonly workingDays: ReadonlySet<number>;
  private readonly holidays: ReadonlySet<number>;

  constructor(readonly version: CalendarVersion) {
    this.zone = zoneOf(version.timeZone);
    this.workingDays = new Set(version.workingDays);
    this.holidays = new Set(version.holidays.map(epochDay));
  }

  dateOf(instant: Instant): PlainDate {
    const day = Math.floor(this.zone.wallAt(instant) / DAY_MS);
    if (isFourDigitYear(day)) return dateText(day);
    return Temporal.Instant.fromEpochMilliseconds(day * DAY_MS)
      .toZonedDateTimeISO("UTC")
      .toPlainDate()
      .toString();
  }

  startOfDay(date: PlainDate): Instant {
    return this.zone.startOf(epochDay(date));
  }

  /** The last millisecond of the day. */
  endOfDay(date: PlainDate): Instant {
    return this.zone.startOf(epochDay(date) + 1) - 1;
  }

  /** `time` as `HH:MM` on that day. */
  at(date: PlainDate, time: string): Instant {
    return this.zone.instantAt(epochDay(date) * DAY_MS + timeOfDay(Temporal.PlainTime.from(time)));
  }

  /** An instant as it is; a bare date at its time of day. */
  resolve(when: When, time: string): Instant {
    return typeof when === "number" ? when : this.at(when, time);
  }

  /**
   * Base + duration (days and longer by the wall clock, hours and shorter elapsed) + what pauses held, elapsed; then
   * the time of day, then the working day (fold.md F8, F11), then the hours in which somebody may be told.
   */
  due(base: Instant, rule: Rule, heldMs = 0): Instant {
    const reached = this.after(base, rule) + heldMs;
    const { workingDays, at, workingDay, between } = rule;
    if (at === undefined && !workingDay && workingDays === undefined && !between) return reached;
    const wall = this.zone.wallAt(reached);
    const settle = (day: number): number => (workingDay ? this.workingDayFrom(day) : day);
    let day = settle(this.workingDaysAfter(Math.floor(wall / DAY_MS), workingDays ?? 0));
    let time = at ?? modulo(wall, DAY_MS);
    if (between && time >= between.to) [day, time] = [settle(day + 1), between.from];
    else if (between && time < between.from) time = between.from;
    const settled = day * DAY_MS + time;
    // An hour that the wall clock shows twice is left only where something moves.
    return at === undefined && settled === wall ? reached : this.zone.instantAt(settled);
  }

  private after(base: Instant, { months, days, ms }: Rule): Instant {
    // Without days nothing is asked of the wall clock, which may show this hour twice.
    if (months === 0 && days === 0) return base + ms;
    const wall = this.zone.wallAt(base);
    const day = addMonths(Math.floor(wall / DAY_MS), months) + days;
    return this.zone.instantAt(day * DAY_MS + modulo(wall, DAY_MS)) + ms;
  }

  private workingDaysAfter(day: number, count: number): number {
    let reached = day;
    for (let passed = 0; passed < count; passed++) reached = this.workingDayFrom(reached + 1);
    return reached;
  }

  private workingDayFrom(first: number): number {
    for (let day = first; day <= first + LONGEST_HOLIDAY_DAYS; day++) if (this.isWorkingDay(day)) return day;
    throw new Error("The site's calendar has no working day within a year.");
  }

  private isWorkingDay(day: number): boolean {
    return this.workingDays.has(weekday(day)) && !this.holidays.has(day);
  }
}

/** Milliseconds since midnight. */
export function timeOfDay({ hour, minute, second, millisecond }: Temporal.PlainTime): number {
  return ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

export function makeCalendar(version: CalendarVersion): Calendar {
  return new Calendar(version);
}
