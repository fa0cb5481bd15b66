import { Temporal } from "temporal-polyfill";
import { parseDuration, type PlainDate } from "../time.js";

/** Days between 1970-01-01 and a date: whole-number arithmetic, since a guard has no time for a calendar. */
export function epochDay(date: PlainDate): number {
  const month = Number(date.slice(5, 7));
  // Years that begin in March, so that the leap day is the last one.
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(date.slice(8, 10)) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** A duration in calendar days, weeks, months or years, ready to be compared with the distance of two dates. */
export interface DayDistance {
  /** Whether `later` is at least so far after `earlier`. */
  reached(earlier: PlainDate, later: PlainDate): boolean;
}

const distances = new Map<string, DayDistance | undefined>();

/** Undefined where the text is no ISO 8601 duration of whole days. */
export function dayDistance(text: string): DayDistance | undefined {
  if (!distances.has(text)) distances.set(text, makeDistance(text));
  return distances.get(text);
}

function makeDistance(text: string): DayDistance | undefined {
  const duration = parseDuration(text);
  if (!duration || duration.sign < 0) return undefined;
  const { years, months, weeks, days, hours, minutes, seconds } = duration;
  if (hours !== 0 || minutes !== 0 || seconds !== 0 || duration.milliseconds !== 0) return undefined;
  if (years === 0 && months === 0) {
    const least = weeks * 7 + days;
    return { reached: (earlier, later) => epochDay(later) - epochDay(earlier) >= least };
  }
  return { reached: (earlier, later) => Temporal.PlainDate.from(earlier).add(duration).toString() <= later };
}
