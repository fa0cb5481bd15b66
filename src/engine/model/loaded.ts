import type {
  Cause,
  FoldRecord,
  Instant,
  JsonObject,
  Role,
  Rung,
  StateValue,
  Stored,
  StoredTimer,
  When,
} from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { PatientInput } from "./commands.js";

/** Why a derived record was written: what moved the pathway, or the correction that changed what is derived. */
export type Because = Cause | { kind: "correction"; seq: number; type: string };

/** One row of `enrolment`, without the columns that `write` derives from the records it appends. */
export interface EnrolmentRow {
  id: string;
  patientId: string;
  siteId: string;
  calendarVersion: number;
  pathway: { id: string; version: string; hash: string };
  status: "active" | "paused" | "exited";
  exitReason: string | null;
  /** Paths of all active states, for searches. */
  states: string[];
  stored: Stored;
  enrolledAt: Instant;
  projectedTo: Instant;
}

/** Which versions ruled an enrolment from the record `seq` on. */
export interface Pin extends Pick<EnrolmentRow, "pathway" | "siteId" | "calendarVersion"> {
  enrolmentId: string;
  seq: number;
}

export interface TaskRow {
  id: string;
  key: string;
  openedAt: Instant;
  nth: number;
  title: string;
  role: Role;
  urgency: "routine" | "urgent";
  dueAt: Instant;
  reminders: Rung[];
  escalations: Rung[];
  status: "open" | "closed" | "withdrawn";
  /** Paused: open, and not overdue. */
  held: boolean;
  closedAt: Instant | null;
  assignee: string | null;
  snoozedUntil: Instant | null;
}

/** The latest arming of one timer. Its key within the enrolment is (`state`, `name`). */
export interface TimerRow {
  id: string;
  state: string;
  name: string;
  startedAt: Instant;
  dueAt: Instant;
  status: "pending" | "held" | "fired" | "cancelled";
  /** Rises whenever it is armed or re-dated, so that an old bell never matches. */
  generation: number;
  /** When the arming was recorded. */
  armedAt: Instant;
}

/** A firing that is on record. */
export interface Firing extends StoredTimer {
  seq: number;
  firedAt: Instant;
}

/** What a key was answered with: enough to rebuild the answer from the history up to `seq`. */
export interface IdempotencyRow {
  person: string;
  route: string;
  key: string;
  requestHash: Buffer;
  /** Null: an enrolment that was refused. */
  enrolmentId: string | null;
  /** Kind of the command. */
  kind: string;
  /** HTTP status of the answer. */
  status: number;
  /** Newest record of the enrolment when it was answered; 0 where there is none. */
  seq: number;
  /** The record that the request made: the event, refusal, correction or operation. Null where it made none. */
  recordSeq: number | null;
  /** The instant it was decided at. */
  answeredAt: Instant;
  /** What came back instead of an outcome, in clear codes and sentences; null where it was done. */
  problem: Problem | null;
}

export type RecordKind = "event" | "refusal" | "correction" | "timer" | "task" | "patient" | "pin" | "message";

/**
 * One record of the history as it is stored, instants in milliseconds, personal texts cut out. Two kinds feed the load:
 * a correction holds in `occurredAt` and `data` what it changes (null: untouched) and in `detail` `{strikeOut?}`; a
 * firing holds in `detail` at least `{state, name, startedAt, dueAt, firedAt}` in milliseconds.
 */
export interface HistoryRecord {
  seq: number;
  kind: RecordKind;
  type: string;
  occurredAt: When | null;
  recordedAt: Instant;
  by: string | null;
  role: Role | null;
  performer: string | null;
  source: { system: string; id: string } | null;
  data: JsonObject | null;
  corrects: number | null;
  stateBefore: StateValue | null;
  stateAfter: StateValue | null;
  because: Because | null;
  detail: JsonObject | null;
  previousHash: Buffer;
  hash: Buffer;
}

export interface LoadedPatient {
  id: string;
  /** For `write`; null once the key is destroyed. */
  wrappedKey: Buffer | null;
  /** The personal data; null once the key is destroyed. */
  reveal(): PatientInput | null;
}

/** An enrolment under its lock. */
export interface LoadedEnrolment {
  row: EnrolmentRow;
  patient: LoadedPatient;
  seq: number;
  lastHash: Buffer;
  lastRecordedAt: Instant;
  /** Events and corrections, by `seq`. */
  records: FoldRecord[];
  firings: Firing[];
  /** By `seq`; the first one rules from the beginning. */
  pins: Pin[];
  /** All tasks, in whatever status. */
  tasks: TaskRow[];
  /** All timer rows, in whatever status. */
  timers: TimerRow[];
  /** The patient has another active enrolment on this pathway. */
  activeElsewhere: boolean;
  /** Who reported an event, whoever performed it. */
  reporterOf(seq: number): string | null;
  /** The sealed texts of an event or a correction, by JSON pointer; null where it has none or the key is destroyed. */
  reveal(seq: number): JsonObject | null;
}

/** A patient who has one of the identifiers that a command names. */
export interface PatientMatch {
  patient: LoadedPatient;
  /** Active or paused on the pathway that the command names. */
  activeEnrolment: string | null;
}

/** Everything that one command is decided from. */
export interface Loaded {
  /** Null: an enrolment to come, or an id that nobody has. On a replayed `enrol` the enrolment it made. */
  enrolment: LoadedEnrolment | null;
  /** Null: the command carries no key. */
  idempotency: { requestHash: Buffer; found: IdempotencyRow | null } | null;
  /** Only where `idempotency.found`: the history up to `found.seq`, oldest first. */
  replayed: HistoryRecord[] | null;
  /** Owners of the identifiers in `enrol` and `amendPatient`. */
  matches: PatientMatch[];
  /** `seq` of the event that carries the reported event's `source` already. */
  sourceSeenAt: number | null;
}
