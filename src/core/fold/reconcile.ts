import { canonicalJson } from "../canonical.js";
import type { Instant } from "../time.js";
import type { Cause, Effect } from "./step.js";
import type { Stored, StoredTask, StoredTimer } from "./stored.js";

export interface KnownTask extends StoredTask {
  /** Of the row, so that effects can name it whatever identity it has by then. */
  id: string;
  status: "open" | "closed" | "withdrawn";
}

export interface KnownTimer extends StoredTimer {
  status: "pending" | "held" | "fired" | "cancelled";
}

/** What was written about one enrolment before it is folded again. */
export interface Known {
  tasks: readonly KnownTask[];
  timers: readonly KnownTimer[];
  /** Every firing on record. */
  firings: readonly StoredTimer[];
}

interface DerivedTask {
  task: StoredTask;
  opened: Cause;
  closed?: { at: Instant; because: Cause };
}

/**
 * The effects of a re-fold: what differs between the rows known and what the whole fold derives (fold.md F10). Tasks
 * match by key and nearest entry; what was completed stays so, what is derived open again is reopened, what no longer
 * is derived is withdrawn. A firing on record never happens again.
 */
export function reconcile(
  known: Known,
  derived: readonly Effect[],
  stored: Stored,
  isHeld: (timer: StoredTimer) => boolean,
): Effect[] {
  const firings = newFirings(known, derived);
  const fired = new Set(firings.map(({ timer }) => keyOf(timer)));
  // A firing leaves its row fired: whatever the row was armed for before, it is armed anew where the fold ends so.
  const rows = known.timers.filter((row) => !fired.has(keyOf(row)));
  return [...firings, ...taskEffects(known.tasks, derivedTasks(derived)), ...timerEffects(rows, stored.timers, isHeld)];
}

type Firing = Extract<Effect, { kind: "fireTimer" }>;

function keyOf(timer: { state: string; name: string }): string {
  return `${timer.state} ${timer.name}`;
}

/** Firings that no record stands for: one of the same start first, else one of the same due instant. */
function newFirings(known: Known, derived: readonly Effect[]): Firing[] {
  const recorded = new Set(known.firings);
  const unmatched = (firings: Firing[], same: (a: Known["firings"][number], b: StoredTimer) => boolean): Firing[] =>
    firings.filter(({ timer }) => {
      const record = [...recorded].find(
        (one) => keyOf(one) === keyOf(timer) && one.dueAt === timer.dueAt && same(one, timer),
      );
      return !record || !recorded.delete(record);
    });
  const firings = derived.filter((effect): effect is Firing => effect.kind === "fireTimer");
  return unmatched(
    unmatched(firings, (a, b) => a.startedAt === b.startedAt),
    () => true,
  );
}

function derivedTasks(effects: readonly Effect[]): DerivedTask[] {
  const tasks: DerivedTask[] = [];
  const open = new Map<string, DerivedTask>();
  for (const effect of effects) {
    if (effect.kind === "openTask") {
      const task: DerivedTask = { task: effect.task, opened: effect.because };
      tasks.push(task);
      open.set(effect.task.key, task);
    } else if (effect.kind === "moveTask") {
      open.get(effect.task.key)!.task = effect.as;
    } else if (effect.kind === "closeTask") {
      open.get(effect.task.key)!.closed = { at: effect.at, because: effect.because };
      open.delete(effect.task.key);
    }
  }
  return tasks;
}

function taskEffects(known: readonly KnownTask[], derived: readonly DerivedTask[]): Effect[] {
  const matches = match(known, derived);
  const effects = derived.flatMap((task) => effectsOf(task, matches.get(task)));
  const matched = new Set(matches.values());
  // Whatever order the rows came in, the records of it have one.
  const gone = known.filter((task) => task.status === "open" && !matched.has(task)).sort(byEntry);
  return [...effects, ...gone.map((task): Effect => ({ kind: "withdrawTask", task }))];
}

function byEntry(a: StoredTask, b: StoredTask): number {
  return a.openedAt - b.openedAt || (a.key === b.key ? a.nth - b.nth : a.key < b.key ? -1 : 1);
}

function effectsOf({ task, opened, closed }: DerivedTask, row: KnownTask | undefined): Effect[] {
  const close: Effect[] = closed
    ? [{ kind: "closeTask", task: row ?? task, at: closed.at, because: closed.because }]
    : [];
  if (!row) return [{ kind: "openTask", task, at: task.openedAt, because: opened }, ...close];
  if (!closed && row.status !== "open") return [{ kind: "reopenTask", task: row, as: task }];
  const moved: Effect[] = sameTask(row, task) ? [] : [{ kind: "moveTask", task: row, as: task }];
  return row.status === "closed" ? moved : [...moved, ...close];
}

/** Of rows that share an identity, an open one goes on. */
const LIVELINESS: readonly KnownTask["status"][] = ["open", "closed", "withdrawn"];

/** Pairs by key, the nearest entries first; of two equally near the earlier. */
function match(known: readonly KnownTask[], derived: readonly DerivedTask[]): Map<DerivedTask, KnownTask> {
  const pairs = derived.flatMap((task) =>
    known.filter((row) => row.key === task.task.key).map((row) => ({ task, row, far: farness(task.task, row) })),
  );
  pairs.sort(
    (a, b) =>
      a.far - b.far ||
      a.row.openedAt - b.row.openedAt ||
      a.row.nth - b.row.nth ||
      LIVELINESS.indexOf(a.row.status) - LIVELINESS.indexOf(b.row.status),
  );
  const matches = new Map<DerivedTask, KnownTask>();
  const taken = new Set<KnownTask>();
  for (const { task, row } of pairs) {
    if (matches.has(task) || taken.has(row)) continue;
    matches.set(task, row);
    taken.add(row);
  }
  return matches;
}

/** Milliseconds between the entries; entries at one instant differ by their ordinal, by less than a millisecond. */
function farness(a: StoredTask, b: StoredTask): number {
  return Math.abs(a.openedAt - b.openedAt) + Math.min(Math.abs(a.nth - b.nth), 999) / 1000;
}

function sameTask(a: StoredTask, b: StoredTask): boolean {
  const instants = ({ openedAt, nth, dueAt, reminders, escalations }: StoredTask): string =>
    canonicalJson({ openedAt, nth, dueAt, reminders, escalations });
  return instants(a) === instants(b);
}

function timerEffects(
  known: readonly KnownTimer[],
  derived: readonly StoredTimer[],
  isHeld: (timer: StoredTimer) => boolean,
): Effect[] {
  const rows = new Map(known.map((row) => [keyOf(row), row]));
  const effects: Effect[] = [];
  for (const timer of derived) {
    const row = rows.get(keyOf(timer));
    rows.delete(keyOf(timer));
    const armed = row && row.startedAt === timer.startedAt && row.dueAt === timer.dueAt;
    const status = isHeld(timer) ? "held" : "pending";
    if (armed && row.status === status) continue;
    // Only what runs can be held: a row that was fired or cancelled is armed again first.
    if (!armed || row.status !== "pending") effects.push({ kind: "startTimer", timer });
    if (status === "held") effects.push({ kind: "holdTimer", timer });
  }
  for (const row of rows.values()) {
    if (row.status === "pending" || row.status === "held") effects.push({ kind: "cancelTimer", timer: row });
  }
  return effects;
}
