/**
 * What a history is made of: one shape for each kind of record. A record never changes once it is written, and says
 * itself which texts were cut out of it: the schema that cut them may not be the present one.
 */
import type { Cause, FoldRecord, Instant, JsonObject, Role, StateValue, When } from "../../core/index.js";
import type { WokenBy } from "./committed.js";

/** Why a derived record was written: what moved the pathway, or the correction that changed what is derived. */
export type Because = Cause | { kind: "correction"; seq: number; type: string };

/** An event on record that takes no part. */
export interface Aside {
  seq: number;
  type: string;
  occurredAt: Instant;
}

export interface Source {
  system: string;
  id: string;
}

/** What every record has. */
interface Recorded {
  seq: number;
  recordedAt: Instant;
  /** Null: the engine. */
  by: string | null;
  role: Role | null;
  stateBefore: StateValue | null;
  stateAfter: StateValue | null;
  because: Because | null;
  /**
   * JSON pointers into the record (`/data/verbatim`, `/note`) of the texts that were cut out of it and sealed; in data
   * `true` stands in their place. Null: none were, or the record is older than this member.
   */
  cut: string[] | null;
}

/** A reported fact. */
export interface EventOnRecord extends Recorded {
  kind: "event";
  type: string;
  occurredAt: When;
  performer: string | null;
  source: Source | null;
  data: JsonObject;
  detail: {
    /** The tracks whose transitions took it. */
    takenBy: string[];
    /** Later events that take no part any more because of it. */
    setAside?: Aside[];
    /** Nothing took it: it was kept aside on request. */
    keptAside?: boolean;
    /** Of an enrolment: fields of a known patient that the request said otherwise. */
    differs?: string[];
    /** Of an enrolment: enrolments of other patients with the same names and birth date, as they were known then. */
    alike?: string[];
  };
}

/** Replaces, field by field, what an event says; null: untouched. */
export interface CorrectionOnRecord extends Recorded {
  kind: "correction";
  /** Of the event that is corrected. */
  type: string;
  corrects: number;
  occurredAt: When | null;
  data: JsonObject | null;
  detail: { takenBy: string[]; setAside: Aside[]; strikeOut?: boolean };
}

/** Somebody tried, and it was not taken. */
export interface RefusalOnRecord extends Recorded {
  kind: "refusal";
  /** `unknown` where nobody declares the type: then it is sealed with the rest. */
  type: string;
  /** Of a correction that was refused. */
  corrects: number | null;
  data: { problem: string; pointers: string[] };
}

export interface FiringOnRecord extends Recorded {
  kind: "timer";
  type: "timer.fired";
  occurredAt: Instant;
  detail: {
    state: string;
    name: string;
    startedAt: Instant;
    dueAt: Instant;
    firedAt: Instant;
    firedBy: WokenBy;
    /** From the later of due instant and arming. */
    latenessMs: number;
  };
}

/** Rows of timers that were not as state and document say, and what they were made. */
export interface RepairOnRecord extends Recorded {
  kind: "timer";
  type: "timer.repaired";
  occurredAt: Instant;
  detail: { timers: { state: string; name: string; found: JsonObject | null; now: JsonObject }[] };
}

/** What became of a task; its identity as it was from then on. */
export interface TaskOnRecord extends Recorded {
  kind: "task";
  type:
    | "task.opened"
    | "task.closed"
    | "task.withdrawn"
    | "task.reopened"
    | "task.moved"
    | "task.claimed"
    | "task.assigned"
    | "task.released"
    | "task.snoozed";
  occurredAt: Instant;
  detail: {
    taskId: string;
    key: string;
    openedAt: Instant;
    nth: number;
    title: string;
    role: Role;
    urgency: "routine" | "urgent";
    dueAt: Instant;
    /** Of operations: whose it is from now on. Of an end: whose it was. */
    assignee?: string | null;
    /** Of an end: whose event or correction it was, where somebody had claimed the task. */
    endedBy?: string;
  };
}

/** The patient's personal data was changed; what it says now is sealed. */
export interface PatientOnRecord extends Recorded {
  kind: "patient";
  type: "patient.amended";
  data: { fields: string[] };
}

/** The patient's record and another one are of one person, or are so no longer; the reason is sealed. */
export interface PersonOnRecord extends Recorded {
  kind: "patient";
  type: "patient.joined" | "patient.parted";
  data: {
    patient: string;
    sameAs: string;
    /** As they are from then on; that of the record named in the request first. */
    persons: { person: string; patients: string[]; enrolments: string[] }[];
  };
}

/** Who is responsible for the enrolment from here on, and who was. */
export interface ResponsibleOnRecord extends Recorded {
  kind: "enrolment";
  type: "enrolment.reassigned";
  detail: { responsible: string; before: string | null };
}

/** Which versions rule from here on. */
export interface PinOnRecord extends Recorded {
  kind: "pin";
  type: string;
  detail: {
    pathway: { id: string; version: string; hash: string };
    calendar: { site: string; version: number };
  };
}

/** A reminder, escalation or notification, and what became of it. */
export interface MessageOnRecord extends Recorded {
  kind: "message";
  type: string;
  occurredAt: Instant | null;
  detail: JsonObject;
}

export type HistoryRecord =
  | EventOnRecord
  | CorrectionOnRecord
  | RefusalOnRecord
  | FiringOnRecord
  | RepairOnRecord
  | TaskOnRecord
  | PatientOnRecord
  | PersonOnRecord
  | ResponsibleOnRecord
  | PinOnRecord
  | MessageOnRecord;

export type RecordKind = HistoryRecord["kind"];

/** A record with its texts and its place in the chain. */
export interface RevealedRecord {
  record: HistoryRecord;
  texts: Texts;
  hash: Buffer;
  previousHash: Buffer;
}

/** What was cut out of a record. */
export interface Texts {
  isSealed: boolean;
  /** Pointers; null: none, or nobody noted it then. */
  cut: string[] | null;
  /** By pointer; null where there are none or the key is destroyed. */
  texts: JsonObject | null;
}

type DraftOf<Kind> = Kind extends HistoryRecord
  ? Omit<Kind, keyof Recorded> &
      Partial<Pick<Recorded, "by" | "role" | "stateBefore" | "stateAfter" | "because">> & {
        /** The texts that were cut out, by pointer: sealed as one before the record is chained. */
        personal?: JsonObject | null;
      }
  : never;

/** A record still to be numbered. What is left out is null. */
export type Draft = DraftOf<HistoryRecord>;

/** A record to append. `seq` goes on from the enrolment's without a gap, `recordedAt` never decreases. */
export type NewRecord = HistoryRecord & { personal: JsonObject | null };

/** What feeds the fold of a record, if anything does. */
export function foldRecordOf(record: HistoryRecord): FoldRecord | null {
  const { seq, recordedAt } = record;
  if (record.kind === "event") {
    const { type, occurredAt, data, performer, by } = record;
    return { kind: "event", seq, type, occurredAt, recordedAt, by: performer ?? by, data };
  }
  if (record.kind !== "correction") return null;
  const { corrects, occurredAt, data, detail } = record;
  return {
    ...{ kind: "correction", seq, corrects, recordedAt },
    ...(occurredAt !== null && { occurredAt }),
    ...(data !== null && { data }),
    ...(detail.strikeOut !== undefined && { strikeOut: detail.strikeOut }),
  };
}
