/** All that is wrong with a request at once, so that it is mended once. */
import type { Fault, Refusal } from "../model/refusals.js";

type NotTaken = Extract<Refusal, { name: "event-refused"; why: "notTaken" }>;
type Faulty =
  Extract<Refusal, { name: "invalid-data" | "invalid-time" | "before-enrolment" | "reporter-not-allowed" }> | NotTaken;

/**
 * Refusals that were judged independently, as one with the faults of all; undefined where there are none. Of one kind, it
 * keeps its name: what only lacks a role is forbidden, not malformed. `event` is left where all are about the same.
 */
export function together(refusals: readonly (Refusal | undefined)[]): Refusal | undefined {
  const [first, ...others] = refusals.filter((refusal) => refusal !== undefined) as Faulty[];
  if (!first || others.length === 0) return first;
  const errors = [first, ...others].flatMap(faultsOf);
  const event = others.every((other) => other.event === first.event) ? first.event : undefined;
  const about = event !== undefined && { event };
  const isAlike = others.every(({ name }) => name === first.name);
  if (isAlike && (first.name === "reporter-not-allowed" || first.name === "event-refused")) {
    const { event: _, ...all } = first;
    return { ...all, errors, ...about };
  }
  if (isAlike && first.name === "invalid-time") return { name: "invalid-time", errors, ...about } as Refusal;
  if (isAlike && first.name === "before-enrolment") return { name: "before-enrolment", errors, ...about } as Refusal;
  return { name: "invalid-data", errors, ...about };
}

/** What a refusal finds wrong with the request itself, each at its place; none where something else stands in its way. */
export function faultsIn(refusal: Refusal): readonly Fault[] {
  if (refusal.name === "reporter-not-allowed") return faultsOf(refusal);
  return "errors" in refusal ? (refusal.errors ?? []) : [];
}

function faultsOf(refusal: Faulty): readonly Fault[] {
  if (refusal.errors) return refusal.errors;
  const at = refusal.event === undefined ? "" : `/events/${refusal.event}`;
  if (refusal.name === "event-refused") return [notTaken(refusal, at)];
  const { act, reporters, type, title } = refusal as Extract<Refusal, { name: "reporter-not-allowed" }>;
  const pointer = `${at}/${act === "perform" ? "performer" : "type"}`;
  return [{ pointer, code: "not-for-reporter", act, reporters, type, title }];
}

export function notTaken({ type, title, reason, hints }: NotTaken, pointer: string): Fault {
  return { pointer, code: "not-taken", type, title, reason, hints };
}
