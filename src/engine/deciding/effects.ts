import type { Effect, Instant, Pathway, StoredTask, StoredTimer, TaskHandle } from "../../core/index.js";
import type { TaskRow, TimerRow } from "../model/rows.js";
import type { Because, Draft } from "../model/records.js";
import type { Ledger } from "./ledger.js";

/** A record and the instant by which it is put in order. */
interface Dated {
  at: Instant;
  draft: Draft;
}

/**
 * Executes the effects of one step: rows change, and each derived record is appended in the order in which things
 * happened. `root` is what a re-fold answers to: tasks that it withdraws, reopens or moves name it.
 */
export function follow(ledger: Ledger, pathway: Pathway, effects: readonly Effect[], root: Because | null): void {
  const dated = effects.flatMap((effect) => execute(ledger, pathway, effect, root) ?? []);
  for (const { draft } of dated.sort((a, b) => a.at - b.at)) ledger.append(draft);
}

function execute(ledger: Ledger, pathway: Pathway, effect: Effect, root: Because | null): Dated | null {
  switch (effect.kind) {
    case "openTask":
      return openTask(ledger, pathway, effect.task, effect.because);
    case "closeTask": {
      const row = endTask(ledger, effect.task, { status: "closed", closedAt: effect.at }, root ?? effect.because);
      return { at: effect.at, draft: endRecord("task.closed", row, effect.at, effect.because) };
    }
    case "withdrawTask": {
      const row = endTask(ledger, effect.task, { status: "withdrawn", closedAt: ledger.now }, root);
      return { at: ledger.now, draft: endRecord("task.withdrawn", row, ledger.now, root) };
    }
    case "reopenTask": {
      const was = ledger.task(effect.task);
      const row = changeTask(ledger, was, { ...effect.as, ...OPEN });
      return { at: ledger.now, draft: taskRecord("task.reopened", row, ledger.now, root) };
    }
    case "moveTask": {
      const was = ledger.task(effect.task);
      const row = changeTask(ledger, was, effect.as);
      const identity = was.openedAt === row.openedAt && was.nth === row.nth;
      return identity ? null : { at: ledger.now, draft: taskRecord("task.moved", row, ledger.now, root) };
    }
    case "startTimer":
      startTimer(ledger, effect.timer);
      return null;
    case "holdTimer":
      changeTimer(ledger, effect.timer, "held");
      return null;
    case "cancelTimer":
      changeTimer(ledger, effect.timer, "cancelled");
      return null;
    case "fireTimer":
      return fireTimer(ledger, effect);
    default:
      return assertNever(effect);
  }
}

function openTask(ledger: Ledger, pathway: Pathway, task: StoredTask, because: Because): Dated {
  const declared = pathway.task(task.key);
  if (!declared) throw new Error(`The pathway declares no task "${task.key}".`);
  const { key, openedAt, nth, dueAt, reminders, escalations } = task;
  const { title, role, urgency } = declared;
  const row: TaskRow = {
    id: ledger.newTaskId(task),
    key,
    openedAt,
    nth,
    title,
    role,
    urgency,
    dueAt,
    reminders,
    escalations,
    ...OPEN,
    held: false,
    assignee: null,
    snoozedUntil: null,
  };
  ledger.putTask(row);
  return { at: openedAt, draft: taskRecord("task.opened", row, openedAt, because) };
}

const OPEN = { status: "open", closedAt: null, endedBy: null, endedAt: null } as const;

function changeTask(ledger: Ledger, was: TaskRow, { heldMs: _, ...change }: Partial<TaskRow> & StoredTask): TaskRow {
  const row: TaskRow = { ...was, ...change };
  ledger.putTask(row);
  return row;
}

/** `root`: the recording that it answers to, or the timer that ended it in its time. */
function endTask(
  ledger: Ledger,
  task: TaskHandle,
  change: Pick<TaskRow, "status" | "closedAt">,
  root: Because | null,
): TaskRow {
  const end = { ...change, endedBy: personBehind(ledger, root), endedAt: ledger.now, snoozedUntil: null };
  const row: TaskRow = { ...ledger.task(task), ...end };
  ledger.putTask(row);
  return row;
}

/** Who did what was recorded just now; nobody, where it is time that moves the pathway. */
function personBehind(ledger: Ledger, root: Because | null): string | null {
  if (!root || root.kind === "timer") return null;
  const record = ledger.records.find(({ seq }) => seq === root.seq);
  return (record?.kind === "event" ? record.performer : null) ?? record?.by ?? null;
}

export type TaskDraft = Extract<Draft, { kind: "task" }>;

/** `taskId` and the task's identity let the tasks of any earlier moment be rebuilt from the history. */
export function taskRecord(
  type: TaskDraft["type"],
  row: TaskRow,
  occurredAt: Instant,
  because: Because | null,
): TaskDraft {
  const { id: taskId, key, openedAt, nth, title, role, urgency, dueAt } = row;
  const detail = { taskId, key, openedAt, nth, title, role, urgency, dueAt };
  return { kind: "task", type, occurredAt, because, detail };
}

/** Whose claim it was, and who ended it: the answer and the holder's list tell it. */
function endRecord(
  type: "task.closed" | "task.withdrawn",
  row: TaskRow,
  occurredAt: Instant,
  because: Because | null,
): TaskDraft {
  const draft = taskRecord(type, row, occurredAt, because);
  const { assignee, endedBy } = row;
  return assignee === null || endedBy === null ? draft : { ...draft, detail: { ...draft.detail, assignee, endedBy } };
}

function startTimer(ledger: Ledger, timer: StoredTimer): void {
  const row = ledger.timer(timer);
  ledger.putTimer({
    id: row?.id ?? ledger.newTimerId(timer),
    state: timer.state,
    name: timer.name,
    startedAt: timer.startedAt,
    dueAt: timer.dueAt,
    status: "pending",
    generation: (row?.generation ?? 0) + 1,
    armedAt: ledger.now,
  });
}

function changeTimer(ledger: Ledger, timer: StoredTimer, status: TimerRow["status"]): void {
  const row = ledger.timer(timer);
  if (row && (row.status === "pending" || row.status === "held")) ledger.putTimer({ ...row, status });
}

function fireTimer(ledger: Ledger, { timer, at, before, after }: Extract<Effect, { kind: "fireTimer" }>): Dated {
  const { state, name, startedAt, dueAt } = timer;
  const row = ledger.timer(timer);
  const armed =
    row?.startedAt === startedAt && row.dueAt === dueAt && (row.status === "pending" || row.status === "held");
  // A firing that only a re-fold derives was armed by this very recording.
  const latenessMs = ledger.now - Math.max(dueAt, armed ? row.armedAt : ledger.now);
  if (armed) ledger.putTimer({ ...row, status: "fired" });
  ledger.addFiring({ state, name, startedAt, dueAt, firedAt: ledger.now });
  const detail = { state, name, startedAt, dueAt, firedAt: ledger.now, firedBy: ledger.wokenBy, latenessMs };
  const type = "timer.fired";
  return { at, draft: { kind: "timer", type, occurredAt: at, stateBefore: before, stateAfter: after, detail } };
}

export function assertNever(value: never): never {
  throw new Error(`Nobody handles ${JSON.stringify(value)}.`);
}
