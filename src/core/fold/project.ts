import type { Calendar } from "../calendar.js";
import type { FactLog } from "../expressions/index.js";
import type { Pathway } from "../machine/pathway.js";
import type { Instant } from "../time.js";
import { EXITED, PAUSED, RESUMED } from "../document/index.js";
import { annotationsOf, warningsAmong } from "./annotations.js";
import { effectiveEvents } from "./effective.js";
import { fold, standingOf, type Standing } from "./fold.js";
import type { EnrolledProjection, Projection, Warning } from "./projection.js";
import type { FoldRecord } from "./records.js";
import { activePaths, type StateValue, type Stored } from "./stored.js";

/**
 * What an enrolment looks like at `asOf`, from what was recorded by `knownAt` (default: everything). Pure: the same
 * document, calendar and records give the same projection on every machine (fold.md F14).
 */
export function project(
  pathway: Pathway,
  calendar: Calendar,
  records: readonly FoldRecord[],
  asOf: Instant,
  knownAt: Instant = Infinity,
): Projection {
  const known = records.filter((record) => record.recordedAt === null || record.recordedAt <= knownAt);
  const { run, setAside } = fold(pathway, calendar, effectiveEvents(known, calendar), asOf);
  const standing = standingOf(run, setAside);
  return standing ? { ...view(pathway, calendar, standing), trace: run.trace } : { status: "notEnrolled" };
}

/** What a stored position shows, flags and derived values included. */
export function view(pathway: Pathway, calendar: Calendar, standing: Standing): EnrolledProjection {
  const { stored, log, setAside } = standing;
  const paused = stored.status === "paused";
  const state = pathway.interpreter.inDocumentOrder(stored.value);
  return {
    status: stored.status,
    ...(stored.exit && { exitReason: stored.exit.reason }),
    enrolledAt: stored.enrolledAt,
    state,
    tasks: stored.tasks.map(({ key, openedAt, nth, dueAt, reminders, escalations }) => {
      const { title, role, urgency, runsWhilePaused } = pathway.task(key)!;
      const task = { key, openedAt, nth, dueAt, reminders, escalations };
      return { ...task, title, role, urgency, held: paused && !runsWhilePaused };
    }),
    timers: stored.timers.map(({ state, name, startedAt, dueAt, reminders }) => {
      const held = paused && !pathway.timer(state, name).runsWhilePaused;
      const timer = { name, state, startedAt, dueAt, ...(reminders && { reminders }) };
      return { ...timer, status: held ? ("held" as const) : ("pending" as const) };
    }),
    ...annotate(pathway, calendar, standing),
    latest: latest(log),
    setAside: setAside.map(({ event: { seq, type, at }, reason }) => ({ seq, type, occurredAt: at, reason })),
    acceptedEvents: acceptedEvents(pathway, stored.status, state),
  };
}

/** The warnings that a stored position shows. */
export function warningsOf(pathway: Pathway, calendar: Calendar, standing: Standing): Warning[] {
  return warningsAmong(annotate(pathway, calendar, standing).flags);
}

type Annotations = Pick<EnrolledProjection, "flags" | "derived">;

/** A position that is written is mostly shown as well. */
const drawn = new WeakMap<Stored, Annotations & { pathway: Pathway; calendar: Calendar }>();

function annotate(pathway: Pathway, calendar: Calendar, { stored, log }: Standing): Annotations {
  const before = drawn.get(stored);
  if (before?.pathway === pathway && before.calendar === calendar) {
    return { flags: before.flags, derived: before.derived };
  }
  const seen = log.view(false, {
    dayOf: (at) => calendar.dateOf(at),
    entryOf: (state) => stored.entries[state]?.fact,
  });
  const annotations = annotationsOf(pathway, seen, stored.setAside.length);
  drawn.set(stored, { ...annotations, pathway, calendar });
  return annotations;
}

function latest(log: FactLog): EnrolledProjection["latest"] {
  return Object.fromEntries(log.newest().map(({ type, seq, at, data }) => [type, { seq, occurredAt: at, data }]));
}

function acceptedEvents(pathway: Pathway, status: Stored["status"], value: StateValue): string[] {
  if (status === "exited") return [];
  const active = ["", ...activePaths(value)];
  const own = status === "paused" ? [RESUMED, EXITED] : [PAUSED, EXITED];
  return [...new Set([...active.flatMap((state) => pathway.namedBy(state)), ...own])];
}
