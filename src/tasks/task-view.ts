import { formatInstant, warningsAmong, type Instant, type Warning } from "../core/index.js";
import type { EnrolmentSnapshot, TaskSnapshot } from "../engine/index.js";
import type { PatientAnswer } from "../patients/index.js";
import type { TaskAnswer } from "./task.schemas.js";

/** What a task's answer takes from its enrolment. */
export interface TaskContext {
  enrolmentId: string;
  pathway: EnrolmentSnapshot["pathway"];
  site: string;
  patient: PatientAnswer;
  asOf: Instant;
  warnings: readonly Warning[];
}

/** What a task's answer takes from a snapshot of its enrolment. */
export function contextOf(
  { id, pathway, site, asOf, projection }: EnrolmentSnapshot,
  patient: PatientAnswer,
): TaskContext {
  const warnings = projection.status === "notEnrolled" ? [] : warningsAmong(projection.flags);
  return { enrolmentId: id, pathway, site, patient, asOf, warnings };
}

export function taskAnswer(task: TaskSnapshot, context: TaskContext): TaskAnswer {
  const { enrolmentId, pathway, site, patient, asOf, warnings } = context;
  return {
    id: task.id,
    enrolmentId,
    patient,
    pathway,
    site,
    key: task.key,
    title: task.title,
    role: task.role,
    ...(task.assignee !== null && { assignee: task.assignee }),
    ...(task.snoozedUntil !== null && { snoozedUntil: formatInstant(task.snoozedUntil) }),
    urgency: task.urgency,
    openedAt: formatInstant(task.openedAt),
    dueAt: formatInstant(task.dueAt),
    overdue: !task.held && task.dueAt < asOf,
    escalated: task.escalated,
    resolves: task.resolves,
    flags: [...warnings],
  };
}
