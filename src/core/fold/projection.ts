import type { Json, JsonObject } from "../document/document.js";
import type { Instant } from "../time.js";
import type { Rung, StateValue, StoredTask } from "./stored.js";
import type { TraceStep } from "./step.js";

export interface ProjectedTask extends Omit<StoredTask, "heldMs"> {
  title: string;
  role: string;
  urgency: "routine" | "urgent";
  /** Paused: open, and not overdue. */
  held: boolean;
}

export interface ProjectedTimer {
  name: string;
  state: string;
  startedAt: Instant;
  dueAt: Instant;
  /** What is sent before it fires; absent where the document declares nothing. */
  reminders?: Rung[];
  status: "pending" | "held";
}

export interface RaisedFlag {
  name: string;
  severity: "info" | "warning" | "critical";
  text: string;
  /** While it is raised, nothing goes to the patient; absent where something may. */
  holdsMessages?: true;
  /** Why its expression, or that of the derived value of its name, failed; absent where it holds. */
  fault?: string;
}

/** A flag of severity warning or above, as it stands wherever somebody decides what to do next. */
export type Warning = Pick<RaisedFlag, "name" | "text">;

/** What one enrolment looks like at an instant. Before the enrolment there is a status and nothing else. */
export type Projection = { status: "notEnrolled" } | EnrolledProjection;

export interface EnrolledProjection {
  status: "active" | "paused" | "exited";
  exitReason?: string;
  enrolledAt: Instant;
  state: StateValue;
  /** Open tasks, by key. */
  tasks: ProjectedTask[];
  /** Pending and held timers, by state and name. */
  timers: ProjectedTimer[];
  flags: RaisedFlag[];
  derived: Record<string, Json>;
  /** The newest event of each type that took part; free text as it was handed in. */
  latest: Record<string, { seq: number; occurredAt: Instant; data: JsonObject }>;
  /** Effective events that take no part at their place, and why. */
  setAside: { seq: number; type: string; occurredAt: Instant; reason: string }[];
  /** Types that an active state names, whatever its guard. */
  acceptedEvents: string[];
  /** Every step from the enrolment on; only where the whole fold was made. */
  trace?: TraceStep[];
}
