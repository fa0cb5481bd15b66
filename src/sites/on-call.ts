import { Temporal } from "temporal-polyfill";
import { type Instant, makeCalendar, type Role } from "../core/index.js";

/** Hours in which somebody is on call, by the site's wall clock. */
export interface Shift {
  person: string;
  /** ISO weekdays on which it begins; absent: every day. */
  days?: number[];
  /** `HH:MM`. Up to a `to` that is not later in the day it lasts into the next day; without both, the whole day. */
  from?: string;
  to?: string;
}

/** A person alone is on call at all hours. */
export type OnCall = Partial<Record<Role, (string | Shift)[]>>;

/**
 * Who is on call for a role at an instant, each once, in the order in which the site names them; nobody in a gap. The
 * ends of a shift follow the rules of every time of day: one that a clock change skips moves forward by the gap, of one
 * that occurs twice it is the first. So whoever follows at the same time of day follows at the same instant.
 */
export function onCallAt(onCall: OnCall, role: Role, instant: Instant, timeZone: string): string[] {
  const calendar = makeCalendar({ timeZone, workingDays: [], holidays: [] });
  const today = Temporal.PlainDate.from(calendar.dateOf(instant));
  const at = (day: Temporal.PlainDate, time: string): Instant => calendar.at(day.toString(), time);
  const isOn = ({ days, from = "00:00", to = "00:00" }: Shift): boolean =>
    [today, today.subtract({ days: 1 })].some((day) => {
      if (days && !days.includes(day.dayOfWeek)) return false;
      const end = at(to > from ? day : day.add({ days: 1 }), to);
      return at(day, from) <= instant && instant < end;
    });
  const on = (onCall[role] ?? []).map(shiftOf).filter(isOn);
  return [...new Set(on.map(({ person }) => person))];
}

export function shiftOf(named: string | Shift): Shift {
  return typeof named === "string" ? { person: named } : named;
}
