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
    let due = this.zoned(base).add(rule.after);
    if (rule.at) due = due.withPlainTime(rule.at);
    return this.onWorkingDay(due, rule).epochMilliseconds;
  }

  /** Moved by elapsed time, then forward, never back, to the rule's time of day and working day (fold.md F11). */
  defer(due: Instant, by: number, rule: Rule): Instant {
    let moved = this.zoned(due + by);
    if (rule.at) {
      const sameDay = moved.withPlainTime(rule.at);
      moved =
        sameDay.epochMilliseconds < moved.epochMilliseconds ? moved.add({ days: 1 }).withPlainTime(rule.at) : sameDay;
    }
    return this.onWorkingDay(moved, rule).epochMilliseconds;
  }

  private onWorkingDay(due: Temporal.ZonedDateTime, rule: Rule): Temporal.ZonedDateTime {
    if (!rule.workingDay) return due;
    const time = rule.at ?? due.toPlainTime();
    let day = due.toPlainDate();
    for (let moved = 0; !this.isWorkingDay(day); moved++) {
      if (moved === LONGEST_HOLIDAY_DAYS) throw new Error("The site's calendar has no working day within a year.");
      day = day.add({ days: 1 });
    }
    return day.equals(due.toPlainDate())
      ? due
      : day.toZonedDateTime({ timeZone: this.version.timeZone, plainTime: time });
  }

  private isWorkingDay(day: Temporal.PlainDate): boolean {
    return this.workingDays.has(day.dayOfWeek) && !this.holidays.has(day.toString());
  }

  private zoned(instant: Instant): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.version.timeZone);
  }
}

export function makeCalendar(version: CalendarVersion): Calendar {
  return new Calendar(version);
}
