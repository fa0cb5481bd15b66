import type { JsonObject } from "../../core/index.js";
import type { Answer } from "./answer.js";
import type { Committed } from "./committed.js";
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
  /** What is told after the commit; null where nothing is recorded. */
  committed: Committed | null;
}
