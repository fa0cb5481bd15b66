import type { Instant, JsonObject, Projection, Role, When } from "../../core/index.js";
import type { RowDifference } from "./differences.js";
import type { Changes } from "./changes.js";
import type { Aside } from "./records.js";
import type { Refusal } from "./refusals.js";

/** One open task as of some moment, with what people did to it. */
export interface TaskSnapshot {
  id: string;
  key: string;
  title: string;
  role: Role;
  urgency: "routine" | "urgent";
  openedAt: Instant;
  dueAt: Instant;
  held: boolean;
  escalated: boolean;
  assignee: string | null;
  /** Until when it is out of the lists; null where it is in them. */
  snoozedUntil: Instant | null;
  resolves: string[];
}

/** Everything an answer about one enrolment is made from: at `asOf`, from what was recorded by a given `seq`. */
export interface EnrolmentSnapshot {
  id: string;
  pathway: { id: string; version: string; hash: string };
  site: string;
  patientId: string;
  seq: number;
  asOf: Instant;
  projection: Projection;
  tasks: TaskSnapshot[];
  /** A guard of the pathway fails, at this place of the document: shown is what was on record before it. */
  fault?: { place: string };
}

/** An event as the answer to reporting it shows it. `personal` are the unsealed texts by JSON pointer into `{data, note}`. */
export interface RecordedEvent {
  seq: number;
  type: string;
  occurredAt: When;
  recordedAt: Instant;
  by: string;
  performer: string | null;
  source: { system: string; id: string } | null;
  data: JsonObject;
  note: string | null;
}

/** A task that one person had claimed and another one's recording ended. */
export interface EndedClaim {
  title: string;
  assignee: string;
}

export type Answer =
  /**
   * `differs`: fields of a known patient that the request says otherwise. What is on record stands. `alike`: enrolments of
   * other patients with the same names and birth date.
   */
  | { kind: "enrolled"; differs: string[]; alike: string[]; snapshot: EnrolmentSnapshot }
  | {
      kind: "reported";
      event: RecordedEvent;
      outcome: "accepted" | "setAside";
      takenBy: string[];
      setAside: Aside[];
      claims: EndedClaim[];
      changes?: Changes;
      snapshot: EnrolmentSnapshot;
    }
  /** `isNew`: false where it says what is on record already, and made no record. */
  | { kind: "corrected"; isNew: boolean; changes: Changes; claims: EndedClaim[]; snapshot: EnrolmentSnapshot }
  | { kind: "task"; taskId: string; snapshot: EnrolmentSnapshot }
  | { kind: "patient"; snapshot: EnrolmentSnapshot }
  /** The person of the record that was named: all records and enrolments. `parted`: records that are of others now. */
  | { kind: "persons"; person: string; patients: string[]; enrolments: string[]; parted: string[] }
  /** `isChanged`: false where it was so already, or somebody else's by then. */
  | { kind: "responsible"; isChanged: boolean; snapshot: EnrolmentSnapshot }
  /**
   * The bell found something (`fired` timers) or nothing to do. `dueAt`: it rang before its time, by the clock of the
   * decision, and its timer is pending still.
   */
  | { kind: "woken"; fired: number; dueAt?: Instant }
  /** What was found; mended where a difference has a mend. */
  | { kind: "repaired"; differences: RowDifference[] }
  /** Not done: for good, or until somebody answers a question. */
  | { kind: "refused"; refusal: Refusal };
