import { Temporal } from "temporal-polyfill";
import { epochDay } from "../days.js";
import { parseDuration, type PlainDate } from "../time.js";

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
