import type { Answer } from "./answer.js";
import type { Committed } from "./committed.js";
import type { PatientInput } from "./commands.js";
import type { Position } from "./loaded.js";
import type { EnrolmentRow, IdempotencyRow, TaskRow, TimerRow } from "./rows.js";
import type { NewRecord } from "./records.js";

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
  /** Where the fold stands afterwards, if that is at hand. */
  position: Position | null;
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
