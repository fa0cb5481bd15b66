import type { Instant, Role, Rung, Stored, Warning } from "../../core/index.js";
import type { Answer } from "./answer.js";
import type { Refusal } from "./refusals.js";

/** One row of `enrolment`, without the columns that tell of its newest record. */
export interface EnrolmentRow {
  id: string;
  /** Whose key seals the history. */
  patientId: string;
  /** The record that stands for the patient's person: another one where two turned out to be of one. */
  personId: string;
  siteId: string;
  /** The coordinator to whom its coordinator's tasks fall by default. */
  responsible: string | null;
  calendarVersion: number;
  pathway: { id: string; version: string; hash: string };
  status: "active" | "paused" | "exited";
  exitReason: string | null;
  /** Paths of all active states, for searches. */
  states: readonly string[];
  stored: Stored;
  /** What the flags of the pathway warn of; null: not written since rows tell it. */
  warnings: readonly Warning[] | null;
  enrolledAt: Instant;
  projectedTo: Instant;
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
  /** Whose event or correction ended it; null where it is open, or time alone ended it. */
  endedBy: string | null;
  /** When that was recorded. */
  endedAt: Instant | null;
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

/** What a key was answered with: enough to rebuild the answer from the history up to `seq`. */
export interface IdempotencyRow {
  person: string;
  route: string;
  key: string;
  requestHash: Buffer;
  /** Null: an enrolment that was refused. */
  enrolmentId: string | null;
  /** Newest record of the enrolment when it was answered; 0 where there is none. */
  seq: number;
  /** The record that the request made: the event, refusal, correction or operation. Null where it made none. */
  recordSeq: number | null;
  /** The instant it was decided at. */
  answeredAt: Instant;
  /** What came back instead of an outcome; null where it was done. */
  refusal: Refusal | null;
  /** What was answered, where no record says it: that records are of one person already. */
  told: Extract<Answer, { kind: "persons" }> | null;
}
