import type { CorrectionRecord, EventRecord, FoldRecord, Instant, JsonObject, Stored } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { PatientInput } from "../model/commands.js";
import type {
  Firing,
  IdempotencyRow,
  LoadedEnrolment,
  LoadedPatient,
  Pin,
  TaskRow,
  TimerRow,
} from "../model/loaded.js";
import type { PatientVault } from "./patient-vault.js";

/** The columns of an idempotency key that was used before; all null where it was not. */
export interface AnsweredRow {
  request_hash: Buffer | null;
  answered_enrolment: string | null;
  answered_kind: string;
  answered_status: number;
  answered_seq: number;
  answered_record: number | null;
  answered_at: Instant;
  answered_problem: Problem | null;
}

type RecordTuple = [
  seq: number,
  kind: "event" | "correction" | "timer" | "pin",
  type: string,
  occurredOn: string | null,
  occurredAt: Instant | null,
  recordedAt: Instant,
  by: string | null,
  data: JsonObject | null,
  corrects: number | null,
  detail: JsonObject | null,
  sealed: string | null,
  reporter: string | null,
];
type TaskTuple = [
  TaskRow["id"],
  TaskRow["key"],
  TaskRow["openedAt"],
  TaskRow["nth"],
  TaskRow["title"],
  TaskRow["role"],
  TaskRow["urgency"],
  TaskRow["dueAt"],
  TaskRow["reminders"],
  TaskRow["escalations"],
  TaskRow["status"],
  TaskRow["held"],
  TaskRow["closedAt"],
  TaskRow["assignee"],
  TaskRow["snoozedUntil"],
];
type TimerTuple = [
  TimerRow["id"],
  TimerRow["state"],
  TimerRow["name"],
  TimerRow["startedAt"],
  TimerRow["dueAt"],
  TimerRow["status"],
  TimerRow["generation"],
  TimerRow["armedAt"],
];

/** One row of LOCK_ENROLMENTS or READ_ENROLMENTS. */
export interface EnrolmentLoadRow extends AnsweredRow {
  n: number;
  id: string;
  patient_id: string;
  site_id: string;
  calendar_version: number;
  pathway_id: string;
  pathway_version: string;
  pathway_hash: string;
  status: "active" | "paused" | "exited";
  exit_reason: string | null;
  states: string[];
  stored: Stored;
  seq: number;
  last_hash: Buffer;
  last_recorded_at: Instant;
  enrolled_at: Instant;
  projected_to: Instant;
  wrapped_key: Buffer | null;
  sealed: Buffer;
  newest: number | null;
  records: RecordTuple[] | null;
  tasks: TaskTuple[] | null;
  timers: TimerTuple[] | null;
  active_elsewhere: boolean;
  source_seen_at: number | null;
}

export interface PatientRow {
  id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
}

/** Opens nothing before it is asked: most commands never look at a text. Its keys show in no log and no JSON. */
export class SealedPatient implements LoadedPatient {
  readonly id: string;
  readonly wrappedKey: Buffer | null;
  readonly #vault: PatientVault;
  readonly #sealed: Buffer;
  #key: Buffer | undefined;

  constructor(vault: PatientVault, row: PatientRow) {
    this.id = row.id;
    this.wrappedKey = row.wrapped_key;
    this.#vault = vault;
    this.#sealed = row.sealed;
  }

  reveal(): PatientInput | null {
    const key = this.#open();
    return key && this.#vault.unsealPatient(key, this.id, this.#sealed);
  }

  revealRecord(enrolmentId: string, seq: number, sealed: Buffer): JsonObject | null {
    const key = this.#open();
    return key && this.#vault.unsealRecord(key, enrolmentId, seq, sealed);
  }

  #open(): Buffer | null {
    if (this.wrappedKey === null) return null;
    return (this.#key ??= this.#vault.unwrapKey(this.id, this.wrappedKey));
  }
}

export function loadedEnrolment(row: EnrolmentLoadRow, patient: SealedPatient): LoadedEnrolment {
  const id = row.id;
  const tuples = row.records ?? [];
  return {
    row: {
      id,
      patientId: row.patient_id,
      siteId: row.site_id,
      calendarVersion: row.calendar_version,
      pathway: { id: row.pathway_id, version: row.pathway_version, hash: row.pathway_hash },
      status: row.status,
      exitReason: row.exit_reason,
      states: row.states,
      stored: row.stored,
      enrolledAt: row.enrolled_at,
      projectedTo: row.projected_to,
    },
    patient,
    seq: row.seq,
    lastHash: row.last_hash,
    lastRecordedAt: row.last_recorded_at,
    records: tuples.filter(([, kind]) => kind === "event" || kind === "correction").map(foldRecord),
    firings: tuples.filter(([, , type]) => type === "timer.fired").map(firing),
    pins: tuples.filter(([, kind]) => kind === "pin").map((tuple) => pin(row, tuple)),
    tasks: (row.tasks ?? []).map(taskRow),
    timers: (row.timers ?? []).map(timerRow),
    activeElsewhere: row.active_elsewhere,
    reporterOf: (seq) => tuples.find(([of]) => of === seq)?.[11] ?? null,
    reveal(seq) {
      const sealed = tuples.find(([of]) => of === seq)?.[10];
      return sealed ? patient.revealRecord(id, seq, bytes(sealed)) : null;
    },
  };
}

export function answeredBefore(
  row: AnsweredRow,
  key: { person: string; route: string; key: string },
): IdempotencyRow | null {
  if (row.request_hash === null) return null;
  return {
    ...key,
    requestHash: row.request_hash,
    enrolmentId: row.answered_enrolment,
    kind: row.answered_kind,
    status: row.answered_status,
    seq: row.answered_seq,
    recordSeq: row.answered_record,
    answeredAt: row.answered_at,
    problem: row.answered_problem,
  };
}

function foldRecord(tuple: RecordTuple): FoldRecord {
  const [seq, kind, type, occurredOn, occurredAt, recordedAt, by, data, corrects, detail] = tuple;
  const when = occurredOn ?? occurredAt;
  if (kind === "event") {
    return { kind, seq, type, occurredAt: when!, recordedAt, by, data: data ?? {} } satisfies EventRecord;
  }
  const correction: CorrectionRecord = { kind: "correction", seq, corrects: corrects!, recordedAt };
  if (when !== null) correction.occurredAt = when;
  if (data !== null) correction.data = data;
  if (typeof detail?.["strikeOut"] === "boolean") correction.strikeOut = detail["strikeOut"];
  return correction;
}

function pin({ id, site_id: siteId }: EnrolmentLoadRow, [seq, , , , , , , , , detail]: RecordTuple): Pin {
  const { pathway, calendar } = detail as unknown as { pathway: Pin["pathway"]; calendar: { version: number } };
  return { enrolmentId: id, seq, pathway, siteId, calendarVersion: calendar.version };
}

function firing(tuple: RecordTuple): Firing {
  const { state, name, startedAt, dueAt, firedAt } = tuple[9] as unknown as Firing;
  return { seq: tuple[0], state, name, startedAt, dueAt, firedAt };
}

function taskRow(tuple: TaskTuple): TaskRow {
  const [id, key, openedAt, nth, title, role, urgency, dueAt, reminders, escalations, ...rest] = tuple;
  const [status, held, closedAt, assignee, snoozedUntil] = rest;
  return {
    ...{ id, key, openedAt, nth, title, role, urgency, dueAt, reminders, escalations },
    ...{ status, held, closedAt, assignee, snoozedUntil },
  };
}

function timerRow([id, state, name, startedAt, dueAt, status, generation, armedAt]: TimerTuple): TimerRow {
  return { id, state, name, startedAt, dueAt, status, generation, armedAt };
}

/** Reads PostgreSQL's hexadecimal form. */
function bytes(text: string): Buffer {
  return Buffer.from(text.slice(2), "hex");
}
