import type { JsonObject } from "../document/document.js";
import type { FactLog } from "../expressions/index.js";
import type { Instant } from "../time.js";
import type { StateValue, Stored, StoredTask, StoredTimer, TaskRef } from "./stored.js";

/** What moved the pathway. */
export type Cause =
  { kind: "event"; seq: number; type: string } | { kind: "timer"; state: string; name: string; dueAt: Instant };

/**
 * Which task an effect is about: the row with this `id` where a re-fold knows it, since moving rows may share an
 * identity for a moment; else the open one with this identity.
 */
export type TaskHandle = TaskRef & { id?: string };

/** What an adapter has to write because of a step. Executed by one exhaustive switch in the engine. */
export type Effect =
  | { kind: "openTask"; task: StoredTask; at: Instant; because: Cause }
  | { kind: "closeTask"; task: TaskHandle; at: Instant; because: Cause }
  /** No longer derived by a re-fold. */
  | { kind: "withdrawTask"; task: TaskHandle }
  /** Closed before, derived open again by a re-fold. */
  | { kind: "reopenTask"; task: TaskHandle; as: StoredTask }
  /** The same task with another entry or other due instants. */
  | { kind: "moveTask"; task: TaskHandle; as: StoredTask }
  /** Armed, armed anew or re-dated: the generation of its row rises. */
  | { kind: "startTimer"; timer: StoredTimer }
  | { kind: "holdTimer"; timer: StoredTimer }
  | { kind: "fireTimer"; timer: StoredTimer; at: Instant; before: StateValue; after: StateValue }
  | { kind: "cancelTimer"; timer: StoredTimer };

export type Outcome =
  /** `takenBy`: the tracks whose transitions took it; empty for the engine's own events. */
  { kind: "accepted"; takenBy: string[] } | { kind: "refused"; reason: string };

/** The result of one pure step. */
export interface Step {
  outcome: Outcome;
  stored: Stored;
  effects: Effect[];
  /** The steps made: those of an advance, or all since the enrolment where it was folded again. */
  trace: TraceStep[];
  /** The events that take part. */
  log: FactLog;
  /** Effective events that take no part, in order. */
  setAside: readonly SetAside[];
}

export interface TraceStep {
  at: Instant;
  cause: Cause;
  before: StateValue;
  state: StateValue;
}

/** An effective event that takes no part, because nothing takes it at its place. */
export interface SetAside {
  event: Fact;
  reason: string;
}

/** An event that counts, as expressions and adapters see it: corrections applied, in its place. */
export interface Fact {
  seq: number;
  /** `seq` of the record that its present data comes from (fold.md F15). */
  dataSeq: number;
  type: string;
  at: Instant;
  by: string | null;
  data: JsonObject;
}
