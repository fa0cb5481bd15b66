/** The document format of a pathway, as it stands in `pathways/<id>/<version>.yaml` after validation by `pathway.schema.json`. */

export type Role = "coordinator" | "clinician" | "lead" | "auditor" | "admin" | "system";

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Evidence = "literature" | "conflicting" | "unconfirmed" | "siteDecision";

export interface Parameter {
  value: string | number | boolean;
  /** `duration` (ISO 8601) or a UCUM-like unit such as `cGy`, `count`, `score`. */
  unit: string;
  /** The passage it is taken from, such as `source/radiotherapy`; null where no source gives a figure. */
  source: string | null;
  evidence: Evidence;
  note?: string;
}

/** A CEL expression. */
export type Cel = string;

/** An instant relative to a base. `after` is an ISO 8601 duration or the name of a duration parameter. */
export interface DueRule {
  after: string;
  /** Local time of day, `HH:MM`. */
  at?: string;
  /** `next`: moved to the next working day of the site where the day is none. */
  workingDay?: "next";
}

export interface TimerDeclaration extends DueRule {
  /** Type of the event whose newest occurrence is the base; default: the entry of the state. */
  from?: string;
  /** Sent before the timer fires. */
  reminders?: NoticeDeclaration[];
  whilePaused?: "hold" | "run";
}

/** What is the same for every rung: whom it tells, by what, and in which hours. */
export interface TellingDeclaration {
  /** A role, `assignee`, `responsible`, `onCall` (for the task's role) or `patient`; of a reminder, default: the task's role. */
  to?: Addressee;
  /** Who is told where `to` is nobody. */
  else?: Addressee;
  /** Default: as the person wishes. */
  by?: Channel;
  /** Name of the template in the catalogues; default: `reminder`, or `escalation`. */
  message?: string;
  /** Local times of day: what falls outside waits for the next beginning. */
  between?: { from: string; to: string };
}

/** A rung of a ladder: a reminder or an escalation of a task. */
export interface RungDeclaration extends DueRule, TellingDeclaration {
  /** Default: the opening of the task. */
  from?: "due";
  /** So many working days later. */
  workingDays?: number;
  /** Repeated until somebody acknowledges it: a duration of hours or shorter, or the name of such a parameter. */
  every?: string;
}

/** A rung before a timer fires. `before` is an ISO 8601 duration or the name of a duration parameter. */
export interface NoticeDeclaration extends TellingDeclaration {
  before: string;
}

export type Addressee = Role | "assignee" | "responsible" | "onCall" | "patient";
export type Channel = "email" | "webhook";

export interface TaskDeclaration {
  title: string;
  role: Role;
  due: string | DueRule;
  urgency?: "routine" | "urgent";
  reminders?: (string | RungDeclaration)[];
  escalation?: RungDeclaration[];
  whilePaused?: "hold" | "run";
}

export interface EventDeclaration {
  title: string;
  reporters: Role[];
  /** JSON Schema of the data; left out where there is none. `x-personal: true` marks free text. Objects are closed unless they say otherwise. */
  schema?: JsonObject;
  /** Never asked back (fold.md F6). */
  urgent?: boolean;
  /** Held until confirmed where `when` holds. */
  confirm?: { when: Cel; text: string }[];
  /** `field` is demanded where `when` holds; asked once, at recording. */
  requires?: { when: Cel; field: string; text: string }[];
}

export interface TransitionConfig {
  guard?: Cel;
  target?: string;
  reenter?: boolean;
  description?: string;
}
export type TransitionsConfig = string | TransitionConfig | (string | TransitionConfig)[];

export interface StateConfig {
  id?: string;
  type?: "parallel" | "final" | "history" | "atomic" | "compound";
  history?: "shallow" | "deep";
  target?: string;
  initial?: string;
  description?: string;
  states?: Record<string, StateConfig>;
  on?: Record<string, TransitionsConfig>;
  /** Keys name timers of the document. */
  after?: Record<string, TransitionsConfig>;
  always?: TransitionsConfig;
  meta?: { task?: TaskDeclaration; quiet?: boolean };
}

export interface Flag {
  name: string;
  severity: "info" | "warning" | "critical";
  when: Cel;
  text: string;
  /** While it is raised, nothing goes to the patient. */
  holdsMessages?: boolean;
}

export interface Derived {
  value: Cel;
  source: string | null;
  evidence: Evidence;
  note?: string;
}

export interface PathwayDocument {
  id: string;
  version: string;
  title: string;
  description?: string;
  /** Title of each track: each region of the root. */
  tracks: Record<string, string>;
  parameters: Record<string, Parameter>;
  definitions?: Record<string, JsonObject>;
  events: Record<string, EventDeclaration>;
  /** Where red flags stand in events; by the usual names where it is left out. See `makeRedFlags`. */
  redFlags?: { event?: string; signs?: string; field?: string };
  timers?: Record<string, TimerDeclaration>;
  machine: StateConfig;
  flags?: Flag[];
  derived?: Record<string, Derived>;
}
