import { type Instant, parseWhen, type When } from "../core/index.js";
import { ProblemError } from "./problems.js";

/** PostgreSQL knows no year 0, and ISO 8601 writes years of four digits. */
const YEAR_1 = -62_135_596_800_000;
const YEAR_10000 = 253_402_300_800_000;

export function isStorableInstant(value: unknown): value is Instant {
  return Number.isInteger(value) && (value as number) >= YEAR_1 && (value as number) < YEAR_10000;
}

/**
 * An instant or a bare date as somebody reported it. What is neither is passed on as it is: the engine refuses it, puts
 * that on record and offers what must not be lost with it.
 */
export function readWhen(text: string | undefined): When | undefined {
  return text === undefined ? undefined : (parseWhen(text) ?? text);
}

/** The same in a query, where an unreadable one is a malformed request. */
export function readWhenParameter(text: string | undefined, name: string): When | undefined {
  if (text === undefined) return undefined;
  const when = parseWhen(text);
  if (when !== undefined && (typeof when === "string" || isStorableInstant(when))) return when;
  const detail = `\`${name}\` must be an RFC 3339 instant with its zone, or a date.`;
  throw new ProblemError({ name: "malformed-request", detail, errors: [{ pointer: `/${name}`, detail }] });
}
