import { parseWhen, type When } from "../core/index.js";
import { ProblemError } from "../platform/problems.js";

/** Reads an instant or a bare date as somebody reported it; unreadable: 422 that points at it. */
export function readWhen(text: string | undefined, pointer: string): When | undefined {
  if (text === undefined) return undefined;
  const when = parseWhen(text);
  if (when !== undefined) return when;
  const detail = "Give an RFC 3339 instant with its zone, such as 2026-03-02T14:00:00Z, or a date such as 2026-03-02.";
  throw new ProblemError({ name: "invalid-time", detail, errors: [{ pointer, detail }] });
}

/** The same in a query: 400. */
export function readWhenParameter(text: string | undefined, name: string): When | undefined {
  if (text === undefined) return undefined;
  const when = parseWhen(text);
  if (when !== undefined) return when;
  const detail = `\`${name}\` must be an RFC 3339 instant with its zone, or a date.`;
  throw new ProblemError({ name: "malformed-request", detail, errors: [{ pointer: `/${name}`, detail }] });
}
