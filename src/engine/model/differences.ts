import type { Instant } from "../../core/index.js";
import type { TimerRow } from "./rows.js";

/** A timer that state and document say is armed. */
export interface ArmedTimer {
  state: string;
  name: string;
  startedAt: Instant;
  dueAt: Instant;
  status: "pending" | "held";
}

export type RowMend = { kind: "arm"; timer: ArmedTimer; found: TimerRow | null } | { kind: "cancel"; found: TimerRow };

/** Something about an enrolment's rows that is not as state and document say, in one sentence. */
export interface RowDifference {
  kind: "state" | "row missing" | "row wrong" | "row surplus";
  enrolmentId: string;
  sentence: string;
  /** Null: only a person can tell what is right. */
  mend: RowMend | null;
}
