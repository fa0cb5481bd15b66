import { Optional } from "@marcbachmann/cel-js";
import { canonicalJson } from "../canonical.js";
import { dayDistance } from "./days.js";
import { factOf, type View, type ViewEvent } from "./fact-log.js";

/** Those of a list that were recorded after the current event was (fold.md F15). */
export function recordedAfter(list: readonly unknown[], view: View): unknown[] {
  const current = factOf(view.event)?.fact;
  if (!current) throw new Error("recordedAfter compares with the current event, and there is none here");
  return list.filter((event) => {
    const fact = factOf(event)?.fact;
    if (!fact) throw new Error("recordedAfter takes a list of events");
    return fact !== current && fact.dataSeq > current.seq;
  });
}

/** How many events of a list, each at least so many calendar days of the site after the one counted before it. */
export function spaced(list: readonly unknown[], duration: string, view: View): bigint {
  const distance = dayDistance(duration);
  if (!distance) throw new Error(`"${duration}" is no ISO 8601 duration of whole days, such as P7D`);
  let counted = 0n;
  let last: string | undefined;
  for (const event of list) {
    const fact = factOf(event)?.fact;
    if (!fact) throw new Error("spaced takes a list of events");
    const day = view.dayOf(fact.at);
    if (last !== undefined && !distance.reached(last, day)) continue;
    counted += 1n;
    last = day;
  }
  return counted;
}

/** The different values of a list, in order of appearance; missing ones (null, or an empty optional) count as one. */
export function distinct(list: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>();
  return list.map(unwrap).filter((value) => {
    const key = identity(value);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A dose in cGy. Multiplying by 100 must not show the last binary digit: 0.07 Gy is 7 cGy. */
export function cGy(dose: unknown): number {
  const { value, unit } = (dose ?? {}) as { value?: unknown; unit?: unknown };
  if (typeof value === "number" && unit === "cGy") return value;
  if (typeof value === "number" && unit === "Gy") return Number((value * 100).toPrecision(15));
  throw new Error("cGy takes a dose with a number as value and cGy or Gy as unit");
}

export function latest(type: string, view: View): ViewEvent | null {
  return view.log.events(type).at(-1) ?? null;
}

export function earlier(type: string, view: View): readonly ViewEvent[] {
  const events = view.log.events(type);
  return view.event !== null && events.at(-1) === view.event ? events.slice(0, -1) : events;
}

/** Those after the newest event of another type; all of them where there is none. */
export function after(type: string, markerType: string, view: View): readonly ViewEvent[] {
  const marker = factOf(view.log.events(markerType).at(-1));
  return marker ? view.log.from(type, marker.place + 1) : view.log.events(type);
}

function unwrap(value: unknown): unknown {
  if (value instanceof Optional) return value.hasValue() ? value.value() : null;
  return value ?? null;
}

/** Equal for values that CEL holds equal: the order of an object's keys, as typed or as a database put them, is none. */
function identity(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner));
  return `json:${canonicalJson(JSON.parse(text))}`;
}
