import { Temporal } from "temporal-polyfill";
import type { Instant, PlainDate, When } from "./time.js";

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
  after: Temporal.Duration;
  at?: Temporal.PlainTime;
  workingDay: boolean;
}

/** More days off in a row than any calendar has: a calendar without working days must not hang the fold. */
const LONGEST_HOLIDAY_DAYS = 366;

/** Calendar arithmetic at one site. Times that a DST change skips move forward by the gap; doubled ones take the first. */
export class Calendar {
  private readonly workingDays: ReadonlySet<number>;
  private readonly holidays: ReadonlySet<string>;

  constructor(readonly version: CalendarVersion) {
    this.workingDays = new Set(version.workingDays);
    this.holidays = new Set(version.holidays);
  }

  dateOf(instant: Instant): PlainDate {
    return this.zoned(instant).toPlainDate().toString();
  }

  startOfDay(date: PlainDate): Instant {
    return Temporal.PlainDate.from(date).toZonedDateTime(this.version.timeZone).epochMilliseconds;
  }

  /** The last millisecond of the day. */
  endOfDay(date: PlainDate): Instant {
    const next = Temporal.PlainDate.from(date).add({ days: 1 });
    return next.toZonedDateTime(this.version.timeZone).epochMilliseconds - 1;
  }

  /** `time` as `HH:MM` on that day. */
  at(date: PlainDate, time: string): Instant {
    return Temporal.PlainDate.from(date).toZonedDateTime({
      timeZone: this.version.timeZone,
      plainTime: Temporal.PlainTime.from(time),
    }).epochMilliseconds;
  }

  /** An instant as it is; a bare date at its time of day. */
  resolve(when: When, time: string): Instant {
    return typeof when === "number" ? when : this.at(when, time);
  }

  /** Base + duration (days and longer by the wall clock, hours and shorter elapsed), time of day, working day. */
  due(base: Instant, rule: Rule): Instant {
    const start = this.zoned(base);
    if (rule.at && !hasTime(rule.after)) return this.onWorkingDay(start.toPlainDate().add(rule.after), rule.at, rule);
    return this.settle(start.add(rule.after), rule);
  }

  /** Moved by elapsed time, then forward, never back, to the rule's time of day and working day (fold.md F11). */
  defer(due: Instant, by: number, rule: Rule): Instant {
    const moved = this.zoned(due + by);
    const isPast = rule.at && Temporal.PlainTime.compare(moved.toPlainTime(), rule.at) > 0;
    return this.settle(isPast ? moved.add({ days: 1 }) : moved, rule);
  }

  /** On the day of the instant or the next working day, at the rule's time of day or the instant's own. */
  private settle(due: Temporal.ZonedDateTime, rule: Rule): Instant {
    const day = due.toPlainDate();
    const stays = !rule.at && (!rule.workingDay || this.isWorkingDay(day));
    return stays ? due.epochMilliseconds : this.onWorkingDay(day, rule.at ?? due.toPlainTime(), rule);
  }

  private onWorkingDay(first: Temporal.PlainDate, plainTime: Temporal.PlainTime, rule: Rule): Instant {
    let day = first;
    for (let moved = 0; rule.workingDay && !this.isWorkingDay(day); moved++) {
      if (moved === LONGEST_HOLIDAY_DAYS) throw new Error("The site's calendar has no working day within a year.");
      day = day.add({ days: 1 });
    }
    return day.toZonedDateTime({ timeZone: this.version.timeZone, plainTime }).epochMilliseconds;
  }

  private isWorkingDay(day: Temporal.PlainDate): boolean {
    return this.workingDays.has(day.dayOfWeek) && !this.holidays.has(day.toString());
  }

  private zoned(instant: Instant): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.version.timeZone);
  }
}

function hasTime({ hours, minutes, seconds, milliseconds }: Temporal.Duration): boolean {
  return hours !== 0 || minutes !== 0 || seconds !== 0 || milliseconds !== 0;
}

export function makeCalendar(version: CalendarVersion): Calendar {
  return new Calendar(version);
}
