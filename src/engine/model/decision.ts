import type { Answer } from "./answer.js";
import type { Committed } from "./committed.js";
import type { PatientInput } from "./commands.js";
import type { LoadedEnrolment, Position } from "./loaded.js";
import type { Link } from "./persons.js";
import type { EnrolmentRow, IdempotencyRow, TaskRow, TimerRow } from "./rows.js";
import type { NewRecord } from "./records.js";

/** Personal data is always given whole; identifiers that are no longer in it are given up. */
export interface PatientChange {
  id: string;
  isNew: boolean;
  /** The record that stands for the person; another one keeps what it says and gives up its identifiers. */
  personId: string;
  personal: PatientInput;
}

/** What a decision about a whole person writes beside one enrolment. */
export interface PersonsWrite {
  said: Link[];
  unsaid: Link[];
  patients: PatientChange[];
  /** In the histories of the other enrolments. */
  others: { enrolment: LoadedEnrolment; write: Write; committed: Committed }[];
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
  /** With `write`, where it concerns a whole person. */
  also?: PersonsWrite;
  /** What is told after the commit; null where nothing is recorded. */
  committed: Committed | null;
}
