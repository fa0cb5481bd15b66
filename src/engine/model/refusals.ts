/**
 * Why a command is refused or comes back with a question: codes and facts, so that whoever tells somebody words it, and
 * no sentence but what the pathway's document says. It is kept with the command's key for ever: nothing personal stands
 * in it.
 */
import type { Instant, PlainDate, Role, When } from "../../core/index.js";
import type { Changes } from "./changes.js";
import type { Aside } from "./records.js";

export type Refusal = Circumstances &
  (
    | { name: "not-found"; what: "enrolment" | "patient" | "sameness" | "task" | "personalData" }
    /** A record that is no event which could be corrected. */
    | { name: "not-found"; what: "event"; seq: number }
    | { name: "key-reused" }
    /** `seq`: the enrolment's newest record, which `ifSeq` is not. */
    | { name: "stale"; seq: number; ifSeq: number }
    /** `seq`: the event that this source made. */
    | { name: "duplicate-source"; seq: number }
    /** Identifiers of one other patient, or of several; an older refusal does not say whose. */
    | { name: "duplicate-identifier"; of: "another" | "several"; patients?: string[] }
    /** `enrolment`: the active one. `differs`: fields that the request says otherwise than what is on record of its patient. */
    | { name: "duplicate-enrolment"; enrolment: string; differs?: string[] }
    | { name: "another-active-enrolment" }
    /**
     * The patient would be on the pathway by this enrolment as well. `pointer`: JSON pointer into the request. `sameDay`: one
     * ends on the day on which the other begins. Which one, and from when until when, is not for those who may not read it.
     */
    | {
        name: "overlapping-enrolment";
        pointer: string;
        enrolment: string;
        from: Instant;
        until: Instant | null;
        sameDay?: true;
      }
    | { name: "overlapping-enrolment"; pointer: string; enrolment?: never }
    /** Two who are said to be one person are both active on a pathway. */
    | { name: "both-active"; pathwayId: string; enrolments: [string, string] }
    /** All that a request is asked, each at the field that confirms it. `patients`: whose identifier it is. */
    | { name: "confirmation-required"; confirm: Question[]; patients?: string[] }
    | { name: "consequences"; setAside: Aside[]; changes: Changes }
    | { name: "exited"; exitReason: string; hasRedFlags: boolean }
    /** `type`: the event whose schema the data breaks; absent where it breaks none. */
    | { name: "invalid-data"; type?: string; errors: Fault[] }
    | { name: "invalid-time"; errors: [TimeFault, ...TimeFault[]] }
    | { name: "before-enrolment"; errors: [PlaceFault, ...PlaceFault[]] }
    | EventRefused
    /** `errors`: of each, where there are several. */
    | ({ name: "reporter-not-allowed"; errors?: Fault[] } & NotAllowed)
    /** The task is for another role. */
    | { name: "forbidden"; title: string; role: Role }
    | { name: "task-closed"; title: string }
    | { name: "task-claimed"; title: string; assignee: string }
    /** It was to be taken from somebody whose it is no longer. */
    | { name: "task-moved-on"; title: string; from: string; assignee: string | null }
    | { name: "task-urgent"; title: string }
  );

export type RefusalName = Refusal["name"];

/** What they may not do is for `reporters`. */
interface NotAllowed {
  act: "report" | "perform" | "correct";
  reporters: Role[];
  type: string;
  title: string;
}

interface Circumstances {
  /** Index of the event that it is about, where a request brings several. */
  event?: number;
}

/**
 * `acceptedEvents`: types that this version would take there from the same person, as told when it was refused; of several
 * events, where the first is not taken. `errors`: each of the events that a request brings and nothing takes.
 */
type EventRefused = {
  name: "event-refused";
  pathway: { id: string; version: string };
  acceptedEvents: string[];
  errors?: Fault[];
} & (
  | ({ why: "notTaken" } & NotTaken)
  /** An enrolment is never struck out. */
  | { why: "enrolmentStays" }
);

/** Nothing takes the event at its place in time. */
interface NotTaken {
  type: string;
  title: string;
  /** In the words of the fold. */
  reason: string;
  /** What the document says about ways that active states keep for this event. */
  hints: string[];
}

/** A text of the document about a place in the request. */
interface Said {
  /** JSON pointer into the request. */
  pointer: string;
  detail: string;
}

/** What the document asks, in its words, or one of the engine's own questions. */
export type Question =
  | Said
  /** The time of this event is far back, and may be mistyped. */
  | { pointer: string; code: "far-back"; title: string; occurredAt: When; today: PlainDate }
  /** Who has the identifier has another name and birth date. */
  | { pointer: string; code: "another-person" };

/** A fault at one place of a request. `pointer`: JSON pointer into it. */
export type Fault =
  | DataFault
  | TimeFault
  | PlaceFault
  | ({ pointer: string; code: "not-for-reporter" } & NotAllowed)
  | ({ pointer: string; code: "not-taken" } & NotTaken);

export type DataFault =
  /** Breaks the schema of its event; `detail` repeats no value. */
  | ({ code: "schema" } & Said)
  /** The same where the pathway has no name for the place: the pointer ends before it. */
  | { pointer: string; code: "undeclared" }
  /** Missing, and demanded by the document in these words. */
  | ({ code: "required" } & Said)
  | { pointer: string; code: "unknown-type"; pathway: { id: string; version: string } }
  /** `role`: the task's, which the person does not hold at its site. */
  | { pointer: string; code: "assignee-without-role"; role: Role }
  /** `dueAt`: of the task. */
  | { pointer: string; code: "snooze-beyond-due"; dueAt: Instant }
  | { pointer: string; code: "too-many-identifiers"; most: number }
  | { pointer: string; code: DataFaultCode };

type DataFaultCode =
  | "unknown-pathway"
  | "unknown-site"
  | "unknown-performer"
  | "unreadable-until"
  | "snooze-into-past"
  | "same-source"
  | "no-identifier"
  | "unknown-identifier"
  | "no-identifier-of-joined"
  | "identifiers-twice"
  | "no-name"
  | "same-patient"
  | "sameness-without-reason"
  | "no-birth-date"
  | "birth-date-and-unknown"
  | "unreadable-birth-date"
  | "future-birth-date"
  | "enrolled-before-birth"
  | "empty-correction"
  | "correction-without-reason"
  | "consent-without-reason";

export interface TimeFault {
  pointer: string;
  code: "unreadable-time" | "future-time" | "before-birth";
}

export type PlaceFault = { pointer: string } &
  /** `enrolled`: the record that would have to be dated back to `occurredAt`. */
  (
    | { code: "before-enrolment"; enrolled: number; occurredAt: When }
    /** In an enrolment that dates itself later than what it says has happened. */
    | { code: "before-own-enrolment" }
    /** A correction would leave these events before the enrolment. */
    | { code: "enrolment-after-events"; events: { type: string; seq: number }[] }
  );

export function faultAt(pointer: string, code: DataFaultCode): Refusal {
  return { name: "invalid-data", errors: [{ pointer, code }] };
}

export function invalidTime(pointer: string, code: TimeFault["code"]): Refusal {
  return { name: "invalid-time", errors: [{ pointer, code }] };
}
