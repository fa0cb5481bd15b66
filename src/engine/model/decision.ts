import type { Instant, JsonObject } from "../../core/index.js";
import type { Answer } from "./answer.js";
import type { PatientInput } from "./commands.js";
import type { EnrolmentRow, HistoryRecord, IdempotencyRow, TaskRow, TimerRow } from "./loaded.js";

/**
 * A record to append. `seq` goes on from the enrolment's without a gap, `recordedAt` never decreases.
 * Free text is cut out of `data` (`true` stands in its place) and stands in `personal`, by JSON pointer such as
 * `/data/verbatim`, `/note`, `/reason`, `/body`; it is sealed as one before it is chained and written.
 */
export interface NewRecord extends Omit<HistoryRecord, "previousHash" | "hash"> {
  personal: JsonObject | null;
}

/** Personal data is always given whole; identifiers that are no longer in it are given up. */
export interface PatientChange {
  id: string;
  isNew: boolean;
  personal: PatientInput;
}

/** Rung after the commit; losing one loses nothing. */
export type Bell =
  | { kind: "arm"; enrolmentId: string; timerId: string; generation: number; name: string; dueAt: Instant }
  /** No longer pending in this generation: fired, cancelled, held or re-dated. `dueAt` is what it was armed with. */
  | { kind: "cancel"; enrolmentId: string; timerId: string; generation: number; dueAt: Instant }
  /** One for each firing on record. `latenessMs` counts from the later of due instant and arming. */
  | { kind: "fired"; enrolmentId: string; by: "job" | "sweep" | "event"; latenessMs: number };

/** All that one decision writes, in one transaction. */
export interface Write {
  isNew: boolean;
  /** The row as it stands afterwards. */
  enrolment: EnrolmentRow;
  /** At least one. */
  records: NewRecord[];
  /** New and changed rows, whole. */
  tasks: TaskRow[];
  /** New and changed rows, whole. */
  timers: TimerRow[];
  patient: PatientChange | null;
  idempotency: IdempotencyRow | null;
}

/** `write` is null where nothing is recorded: a dry run, a replay, a question back, a bell that finds nothing to do. */
export interface Decision {
  answer: Answer;
  write: Write | null;
  /** A key to remember where nothing else is written: a question back or a refused enrolment is answered alike for ever. */
  remember: IdempotencyRow | null;
  bells: Bell[];
}
