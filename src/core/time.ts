import { Temporal } from "temporal-polyfill";
import { dateText, DAY_MS, isFourDigitYear, modulo, type PlainDate } from "./days.js";

export type { PlainDate } from "./days.js";

const HOUR_MS = 3_600_000;

/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number;

/** When something happened, as reported: an instant, or a bare date that the fold resolves (fold.md F3). */
export type When = Instant | PlainDate;

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** An RFC 3339 instant, cut to milliseconds; undefined where the text is none. */
export function parseInstant(text: string): Instant | undefined {
  if (!RFC3339.test(text)) return undefined;
  try {
    return Temporal.Instant.from(text.toUpperCase()).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/** A calendar date such as `2026-02-28`; undefined where there is no such day. */
export function parseDate(text: string): PlainDate | undefined {
  if (!DATE.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString();
  } catch {
    return undefined;
  }
}

/** An instant or a bare date; undefined where the text is neither. */
export function parseWhen(text: string): When | undefined {
  return parseDate(text) ?? parseInstant(text);
}

/** UTC with milliseconds: `2026-03-02T14:00:00.000Z`. */
export function formatInstant(instant: Instant): string {
  const day = Math.floor(instant / DAY_MS);
  if (!Number.isInteger(instant) || !isFourDigitYear(day)) {
    return Temporal.Instant.fromEpochMilliseconds(instant).toString({ smallestUnit: "millisecond" });
  }
  const time = modulo(instant, DAY_MS);
  const part = (size: number, count: number, length = 2): string =>
    String(Math.floor(time / size) % count).padStart(length, "0");
  return `${dateText(day)}T${part(HOUR_MS, 24)}:${part(60_000, 60)}:${part(1000, 60)}.${part(1, 1000, 3)}Z`;
}

/** An instant in UTC, a bare date as typed. */
export function formatWhen(when: When): string {
  return typeof when === "number" ? formatInstant(when) : when;
}

/** An ISO 8601 duration, or undefined. Fractions of days and longer units are none: the calendar has no half month. */
export function parseDuration(text: string): Temporal.Duration | undefined {
  try {
    return Temporal.Duration.from(text);
  } catch {
    return undefined;
  }
}
