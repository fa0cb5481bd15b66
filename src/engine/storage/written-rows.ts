import type { When } from "../../core/index.js";
import type { StoredRecord } from "./chain.js";
import type { IdempotencyRow, TaskRow, TimerRow } from "../model/loaded.js";
import type { SealedPatientChange, SealedWrite } from "./seal.js";

/** A row by the names of its columns, in the forms that PostgreSQL reads from JSON. */
export type Columns = Record<string, unknown>;

export function enrolmentColumns({ write: { enrolment }, records }: SealedWrite): Columns {
  const newest = records.at(-1)!;
  return {
    id: enrolment.id,
    patient_id: enrolment.patientId,
    site_id: enrolment.siteId,
    calendar_version: enrolment.calendarVersion,
    pathway_id: enrolment.pathway.id,
    pathway_version: enrolment.pathway.version,
    pathway_hash: enrolment.pathway.hash,
    status: enrolment.status,
    exit_reason: enrolment.exitReason,
    states: enrolment.states,
    stored: enrolment.stored,
    seq: newest.seq,
    last_hash: hex(newest.hash),
    last_recorded_at: iso(newest.recordedAt),
    enrolled_at: iso(enrolment.enrolledAt),
    projected_to: iso(enrolment.projectedTo),
  };
}

export function recordColumns(enrolmentId: string, record: StoredRecord): Columns {
  return {
    enrolment_id: enrolmentId,
    seq: record.seq,
    kind: record.kind,
    type: record.type,
    occurred_at: instantOf(record.occurredAt),
    occurred_on: typeof record.occurredAt === "string" ? record.occurredAt : null,
    recorded_at: iso(record.recordedAt),
    by: record.by,
    role: record.role,
    performer: record.performer,
    source_system: record.source?.system,
    source_id: record.source?.id,
    data: record.data,
    sealed: record.sealed && hex(record.sealed),
    corrects: record.corrects,
    state_before: record.stateBefore,
    state_after: record.stateAfter,
    because: record.because,
    detail: record.detail,
    previous_hash: hex(record.previousHash),
    hash: hex(record.hash),
  };
}

export function taskColumns({ write: { enrolment } }: SealedWrite, task: TaskRow): Columns {
  return {
    enrolment_id: enrolment.id,
    id: task.id,
    key: task.key,
    opened_at: iso(task.openedAt),
    nth: task.nth,
    title: task.title,
    role: task.role,
    urgency: task.urgency,
    due_at: iso(task.dueAt),
    reminders: task.reminders,
    escalations: task.escalations,
    status: task.status,
    held: task.held,
    closed_at: instantOf(task.closedAt),
    assignee: task.assignee,
    snoozed_until: instantOf(task.snoozedUntil),
    site_id: enrolment.siteId,
    pathway_id: enrolment.pathway.id,
  };
}

export function timerColumns(enrolmentId: string, timer: TimerRow): Columns {
  return {
    enrolment_id: enrolmentId,
    id: timer.id,
    state: timer.state,
    name: timer.name,
    started_at: iso(timer.startedAt),
    due_at: iso(timer.dueAt),
    status: timer.status,
    generation: timer.generation,
    armed_at: iso(timer.armedAt),
  };
}

export function idempotencyColumns(row: IdempotencyRow): Columns {
  return {
    person: row.person,
    route: row.route,
    key: row.key,
    request_hash: hex(row.requestHash),
    enrolment_id: row.enrolmentId,
    kind: row.kind,
    status: row.status,
    seq: row.seq,
    record_seq: row.recordSeq,
    answered_at: iso(row.answeredAt),
    problem: row.problem,
  };
}

export function patientColumns(patient: SealedPatientChange): Columns {
  return { id: patient.id, wrapped_key: hex(patient.wrappedKey), sealed: hex(patient.sealed) };
}

/** For `patient_identifier` and `patient_token`. */
export function hashColumns(patientId: string, hash: Buffer): Columns {
  return { hash: hex(hash), patient_id: patientId };
}

function instantOf(when: When | null): string | null {
  return typeof when === "number" ? iso(when) : null;
}

/** Years beyond four digits are written in a form that PostgreSQL does not read; nothing is that far away. */
function iso(instant: number): string {
  return new Date(instant).toISOString();
}

function hex(bytes: Buffer): string {
  return `\\x${bytes.toString("hex")}`;
}
