import type { Calendar } from "../calendar.js";
import { FactLog } from "../expressions/index.js";
import type { Pathway } from "../machine/pathway.js";
import type { Instant } from "../time.js";
import { effectiveEvents } from "./effective.js";
import { reconcile, type Known } from "./reconcile.js";
import type { FoldRecord } from "./records.js";
import { Run } from "./run.js";
import type { Fact, Outcome, SetAside, Step } from "./step.js";
import type { Stored } from "./stored.js";

/** A pass over all effective events up to an instant. */
export interface Folded {
  run: Run;
  setAside: SetAside[];
}

/** The whole fold (fold.md F3 to F5): events after `asOf` are not tried. */
export function fold(pathway: Pathway, calendar: Calendar, events: readonly Fact[], asOf: Instant): Folded {
  const run = Run.begin(pathway, calendar);
  const setAside: SetAside[] = [];
  for (const event of events) {
    if (event.at > asOf) continue;
    const outcome = run.take(event);
    if (outcome.kind === "refused") setAside.push({ event, reason: outcome.reason });
  }
  run.wait(asOf);
  return { run, setAside };
}

/** Where an enrolment stands: its position and the events that took part. */
export interface Standing {
  stored: Stored;
  log: FactLog;
  /** Effective events that take no part, in order; `stored` has their numbers. */
  readonly setAside: readonly SetAside[];
}

/** The log of events that took part, in the order of the fold. Each step gives the next one: keep it and go on. */
export function makeLog(pathway: Pathway, facts: readonly Fact[]): FactLog {
  return facts.reduce((log, fact) => log.append(fact), FactLog.empty(pathway.expressions.mask));
}

/**
 * Goes on from a stored position: fires what is due, applies the event, and fires what is due by `asOf`. The event lies
 * at or after the position and every effective event, set aside or not. Without an event, only time passes. Costs the
 * same however long the history is.
 *
 * What is set aside stays so: the fold tries each event with what comes before it in order and nothing else, so what
 * comes behind them all changes the outcome of none. Only a change of the past may (fold.md F6): that is a `refold`.
 */
export function advance(pathway: Pathway, calendar: Calendar, from: Standing, event: Fact | null, asOf: Instant): Step {
  const run = Run.resume(pathway, calendar, from.stored, from.log);
  const outcome: Outcome = event ? run.take(event) : { kind: "accepted", takenBy: [] };
  run.wait(asOf);
  const setAside =
    event && outcome.kind === "refused" ? [...from.setAside, { event, reason: outcome.reason }] : from.setAside;
  return { outcome, ...standingOf(run, setAside)!, ...made(run) };
}

/**
 * Folds the whole record again, and tells what differs from the rows known. `added` is the `seq` whose outcome is asked
 * for; a correction is accepted where its event takes part.
 */
export function refold(
  pathway: Pathway,
  calendar: Calendar,
  records: readonly FoldRecord[],
  asOf: Instant,
  known: Known,
  added: number,
): Step {
  const { run, setAside } = fold(pathway, calendar, effectiveEvents(records, calendar), asOf);
  const standing = standingOf(run, setAside);
  if (!standing) throw new Error("The record holds no enrolment.");
  const refusal = setAside.find(({ event }) => event.seq === added);
  const outcome: Outcome = refusal
    ? { kind: "refused", reason: refusal.reason }
    : { kind: "accepted", takenBy: run.takers.get(added) ?? [] };
  return {
    outcome,
    ...standing,
    ...made(run),
    effects: reconcile(known, run.effects, standing.stored, (timer) => run.isHeld(timer)),
  };
}

/** The events that took part in a stored position, from the record it was made from. */
export function factsOf(stored: Stored, records: readonly FoldRecord[], calendar: Calendar): Fact[] {
  const aside = new Set(stored.setAside);
  return effectiveEvents(records, calendar).filter((event) => !aside.has(event.seq));
}

/** Where a pass has come to; undefined before the enrolment. */
export function standingOf(run: Run, setAside: readonly SetAside[]): Standing | undefined {
  const stored = run.store(setAside.map(({ event }) => event.seq));
  return stored && { stored, log: run.log, setAside };
}

function made(run: Run): Pick<Step, "effects" | "trace"> {
  return { effects: run.effects, trace: run.trace };
}
