/** All that is wrong with a request at once, so that it is mended once. */
import type { Fault, Refusal } from "../model/refusals.js";

type Faulty = Extract<Refusal, { name: "invalid-data" | "invalid-time" | "before-enrolment" | "reporter-not-allowed" }>;

/**
 * Refusals that were judged independently, as one with the faults of all; undefined where there are none. Of one kind, it
 * keeps its name: what only lacks a role is forbidden, not malformed. `event` is left where all are about the same.
 */
export function together(refusals: readonly (Refusal | undefined)[]): Refusal | undefined {
  const [first, ...others] = refusals.filter((refusal) => refusal !== undefined) as Faulty[];
  if (!first || others.length === 0) return first;
  const all = [first, ...others];
  const errors = all.flatMap(faultsOf);
  const event = others.every((other) => other.event === first.event) ? first.event : undefined;
  const about = event !== undefined && { event };
  const isAlike = others.every(({ name }) => name === first.name);
  if (isAlike && first.name === "reporter-not-allowed") {
    const { event: _, ...forbidden } = first;
    return { ...forbidden, errors, ...about };
  }
  if (isAlike && first.name === "invalid-time") return { name: "invalid-time", errors, ...about } as Refusal;
  if (isAlike && first.name === "before-enrolment") return { name: "before-enrolment", errors, ...about } as Refusal;
  return { name: "invalid-data", errors, ...about };
}

function faultsOf(refusal: Faulty): readonly Fault[] {
  if (refusal.name !== "reporter-not-allowed") return refusal.errors;
  const { act, reporters, type, title, event } = refusal;
  const at = event === undefined ? "" : `/events/${event}`;
  const pointer = `${at}/${act === "perform" ? "performer" : "type"}`;
  return [{ pointer, code: "not-for-reporter", act, reporters, type, title }];
}
