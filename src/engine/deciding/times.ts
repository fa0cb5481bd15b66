import { parseDate, type Calendar, type Instant, type PlainDate, type Rule, type When } from "../../core/index.js";
import { invalidTime, type Refusal } from "../model/refusals.js";

/** PostgreSQL knows no year 0. */
const YEAR_1 = -62_135_596_800_000;
const DAY_1 = "0001-01-01";

/** How far a reporter's clock may be ahead: taken as now. */
const TOLERATED_MS = 5 * 60_000;

/** The time as it is recorded, or why it cannot be. `pointer` names the field in the request. */
export function readTime(
  when: When | undefined,
  now: Instant,
  calendar: Calendar,
  pointer: string,
): { when: When } | { refusal: Refusal } {
  if (when === undefined) return { when: now };
  if (typeof when === "string") {
    if (readDay(when) === undefined) return { refusal: invalidTime(pointer, "unreadable-time") };
    return when > calendar.dateOf(now) ? { refusal: invalidTime(pointer, "future-time") } : { when };
  }
  if (!Number.isSafeInteger(when) || when < YEAR_1) return { refusal: invalidTime(pointer, "unreadable-time") };
  if (when > now + TOLERATED_MS) return { refusal: invalidTime(pointer, "future-time") };
  return { when: Math.min(when, now) };
}

/** A day that exists and that can be stored. */
export function readDay(text: string): PlainDate | undefined {
  return text > DAY_1 ? parseDate(text) : undefined;
}

/** Whether a time lies before the instant to which `farBack` leads from now; a bare date, before its day. */
export function isFarBack(when: When, now: Instant, calendar: Calendar, farBack: Rule): boolean {
  const limit = calendar.due(now, farBack);
  return typeof when === "string" ? when < calendar.dateOf(limit) : when < limit;
}

/** The first day that a birth date, a month or a year of birth can mean; undefined where it is none of these. */
export function earliestBirth(birthDate: string): PlainDate | undefined {
  const day = /^\d{4}$/.test(birthDate)
    ? `${birthDate}-01-01`
    : /^\d{4}-\d\d$/.test(birthDate)
      ? `${birthDate}-01`
      : birthDate;
  return parseDate(day);
}

/** Whether an instant lies before the patient's birth; nobody knows where the birth date is erased or unreadable. */
export function isBeforeBirth(at: Instant, birthDate: string | undefined, calendar: Calendar): boolean {
  const birth = birthDate === undefined ? undefined : earliestBirth(birthDate);
  return birth !== undefined && at < calendar.startOfDay(birth);
}
