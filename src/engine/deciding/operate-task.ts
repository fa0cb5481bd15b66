import type { OperateTask } from "../model/commands.js";
import type { TaskRow } from "../model/rows.js";
import type { Refusal } from "../model/refusals.js";
import { snapshotAfter } from "./answers.js";
import { openLedger, refused, roleOf, type Decided } from "./decided.js";
import { assertNever, taskRecord } from "./effects.js";
import type { Ledger } from "./ledger.js";
import { passTime } from "./place.js";
import type { Chart } from "./chart.js";

/** Time passes first: a task that a timer has closed meanwhile is nobody's any more. */
export function decideOperateTask(command: OperateTask, chart: Chart): Decided {
  const ledger = openLedger(chart);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const task = ledger.taskOf(command.taskId);
  if (!task) return refused({ name: "not-found", what: "task" });
  const refusal = objectionTo(command, task);
  if (refusal) return refused(refusal);
  const recordSeq = operate(ledger, command, task);
  const snapshot = snapshotAfter(chart, ledger, standing);
  const answer = { kind: "task", taskId: task.id, snapshot } as const;
  return { answer, made: ledger.records.length > 0 ? { ledger, standing, recordSeq } : null };
}

function objectionTo({ actor, operation }: OperateTask, task: TaskRow): Refusal | undefined {
  const { title } = task;
  if (task.status !== "open") return { name: "task-closed", title };
  const isLead = actor.roles.includes("lead");
  if (!isLead && !actor.roles.includes(task.role)) return { name: "forbidden", title, role: task.role };
  const { assignee } = task;
  if (assignee === null || assignee === actor.person || (isLead && operation.name === "release")) return undefined;
  return { name: "task-claimed", title, assignee };
}

/** The number of the record made; null where it is so already. */
function operate(ledger: Ledger, { actor, operation }: OperateTask, task: TaskRow): number | null {
  const assignee = assigneeAfter(actor.person, operation.name);
  if (task.assignee === assignee) return null;
  ledger.putTask({ ...task, assignee });
  const { detail, ...draft } = taskRecord(
    operation.name === "claim" ? "task.claimed" : "task.released",
    task,
    ledger.now,
    null,
  );
  const by = { by: actor.person, role: roleOf(actor, [task.role, "lead"]) };
  return ledger.append({ ...draft, ...by, detail: { ...detail, assignee } }).seq;
}

function assigneeAfter(person: string, operation: OperateTask["operation"]["name"]): string | null {
  switch (operation) {
    case "claim":
      return person;
    case "release":
      return null;
    default:
      return assertNever(operation);
  }
}
