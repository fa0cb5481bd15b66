import type { Calendar, Instant, JsonObject, When } from "../../core/index.js";
import type { Actor, OperateTask, Performer } from "../model/commands.js";
import type { TaskRow } from "../model/rows.js";
import { faultAt, type Refusal } from "../model/refusals.js";
import { snapshotAfter } from "./answers.js";
import { isRefused, openLedger, refused, roleOf, type Decided } from "./decided.js";
import { assertNever, taskRecord, type TaskDraft } from "./effects.js";
import type { Ledger } from "./ledger.js";
import { passTime } from "./place.js";
import type { Chart } from "./chart.js";
import { readDay } from "./times.js";

type Operation<Name extends OperateTask["operation"]["name"]> = Extract<OperateTask["operation"], { name: Name }>;

/** What an operation changes of a task, and the record that tells it. */
interface Change {
  type: TaskDraft["type"];
  row: Partial<Pick<TaskRow, "assignee" | "snoozedUntil">>;
  reason?: string;
}

/** Time passes first: a task that a timer has closed meanwhile is nobody's any more. */
export function decideOperateTask(command: OperateTask, chart: Chart): Decided {
  const ledger = openLedger(chart);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const task = ledger.taskOf(command.taskId);
  if (!task) return refused({ name: "not-found", what: "task" });
  const refusal = objectionTo(command, task);
  if (refusal) return refused(refusal);
  const change = changeOf(command, task, chart);
  if (isRefused(change)) return refused(change.refusal);
  const recordSeq = carryOut(ledger, command, task, change);
  const snapshot = snapshotAfter(chart, ledger, standing);
  const answer = { kind: "task", taskId: task.id, snapshot } as const;
  return { answer, made: ledger.records.length > 0 ? { ledger, standing, recordSeq } : null };
}

/** Whoever may claim a task may do all of it; what is somebody's is that person's, but for a lead to take away. */
function objectionTo({ actor, operation }: OperateTask, task: TaskRow): Refusal | undefined {
  const { title, assignee } = task;
  if (task.status !== "open") return { name: "task-closed", title };
  if (!mayDo(task, actor.roles)) return { name: "forbidden", title, role: task.role };
  if (operation.name === "assign" && operation.from !== undefined && isGone(operation.from, operation.to, assignee)) {
    return { name: "task-moved-on", title, from: operation.from, assignee };
  }
  if (assignee === null || assignee === actor.person || mayTakeAway(actor, operation)) return undefined;
  return { name: "task-claimed", title, assignee };
}

function mayDo({ role }: TaskRow, roles: Performer["roles"] = []): boolean {
  return roles.includes(role) || roles.includes("lead");
}

function mayTakeAway({ roles }: Actor, { name }: OperateTask["operation"]): boolean {
  return roles.includes("lead") && (name === "release" || name === "assign");
}

/** Where it is with the one whom it is for already, nothing is left to be done. */
function isGone(from: string, to: Performer, assignee: string | null): boolean {
  return assignee !== from && assignee !== to.person;
}

function changeOf({ actor, operation }: OperateTask, task: TaskRow, chart: Chart): Change | { refusal: Refusal } {
  switch (operation.name) {
    case "claim":
      return { type: "task.claimed", row: { assignee: actor.person } };
    case "release":
      return { type: "task.released", row: { assignee: null } };
    case "assign":
      return assignment(operation, task);
    case "snooze":
      return snooze(operation, task, chart);
    default:
      return assertNever(operation);
  }
}

function assignment({ to, reason }: Operation<"assign">, task: TaskRow): Change | { refusal: Refusal } {
  const pointer = "/assignee";
  if (!to.roles) return { refusal: faultAt(pointer, "unknown-performer") };
  if (!mayDo(task, to.roles)) {
    const { role } = task;
    return { refusal: { name: "invalid-data", errors: [{ pointer, code: "assignee-without-role", role }] } };
  }
  return { type: "task.assigned", row: { assignee: to.person }, ...(reason !== undefined && { reason }) };
}

/** Whoever puts a task off beyond its time says why. */
function snooze(
  { until, reason }: Operation<"snooze">,
  { urgency, title, dueAt }: TaskRow,
  { calendar, now }: Chart,
): Change | { refusal: Refusal } {
  if (urgency === "urgent") return { refusal: { name: "task-urgent", title } };
  const snoozedUntil = instantOf(until, calendar);
  if (snoozedUntil === undefined) return { refusal: faultAt("/until", "unreadable-until") };
  if (snoozedUntil <= now) return { refusal: faultAt("/until", "snooze-into-past") };
  if (snoozedUntil > dueAt && isBlank(reason)) {
    return { refusal: { name: "invalid-data", errors: [{ pointer: "/reason", code: "snooze-beyond-due", dueAt }] } };
  }
  return { type: "task.snoozed", row: { snoozedUntil }, ...(reason !== undefined && { reason }) };
}

const isBlank = (reason: string | undefined): boolean => reason === undefined || reason.trim() === "";

function instantOf(when: When, calendar: Calendar): Instant | undefined {
  if (typeof when === "number") return Number.isSafeInteger(when) ? when : undefined;
  const day = readDay(when);
  return day === undefined ? undefined : calendar.startOfDay(day);
}

/** The number of the record made; null where it is so already. */
function carryOut(ledger: Ledger, { actor }: OperateTask, task: TaskRow, { type, row, reason }: Change): number | null {
  const changed: TaskRow = { ...task, ...row };
  if (changed.assignee === task.assignee && changed.snoozedUntil === task.snoozedUntil) return null;
  ledger.putTask(changed);
  const { detail, ...draft } = taskRecord(type, task, ledger.now, null);
  const personal: JsonObject | null = reason === undefined ? null : { "/reason": reason };
  const by = { by: actor.person, role: roleOf(actor, [task.role, "lead"]) };
  return ledger.append({ ...draft, ...by, detail: { ...detail, ...detailOf(row) }, personal }).seq;
}

/** A record tells an operation without what it left as it was. */
function detailOf({ assignee, snoozedUntil }: Change["row"]): Pick<TaskDraft["detail"], "assignee" | "snoozedUntil"> {
  return {
    ...(assignee !== undefined && { assignee }),
    ...(typeof snoozedUntil === "number" && { snoozedUntil }),
  };
}
