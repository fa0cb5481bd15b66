import type { Addressee, Channel } from "../document/document.js";
import type { Instant } from "../time.js";

export type StateValue = string | { [key: string]: StateValue };

const pathsOf = new WeakMap<object, readonly string[]>();

/** Paths of all active states, the root left out, parents before children. */
export function activePaths(value: StateValue): readonly string[] {
  if (typeof value === "string") return pathsWithin(value, "");
  let paths = pathsOf.get(value);
  if (!paths) pathsOf.set(value, (paths = pathsWithin(value, "")));
  return paths;
}

function pathsWithin(value: StateValue, parent: string): string[] {
  const below = (key: string): string => (parent === "" ? key : `${parent}.${key}`);
  if (typeof value === "string") return [below(value)];
  return Object.entries(value).flatMap(([key, inner]) => [below(key), ...pathsWithin(inner, below(key))]);
}

/** A pending or held timer. Its key within the enrolment is (`state`, `name`). */
export interface StoredTimer {
  /** Path of the state whose `after` names it, such as `treatment.awaitingResponse`. */
  state: string;
  name: string;
  startedAt: Instant;
  dueAt: Instant;
  /** The instant that the duration counts from, where that is another than `startedAt`. */
  base?: Instant;
  /** What is sent before it fires; absent where the document declares nothing. */
  reminders?: Rung[];
  /** How long pauses have held it so far, in milliseconds; absent where none did. */
  heldMs?: number;
}

/** When somebody is to be told, and how. Everything but `at` is as the document has it. */
export interface Rung extends Telling {
  at: Instant;
}

export interface Telling {
  /** A role, `assignee`, `responsible`, `onCall` or `patient`; absent: the task's role. */
  to?: Addressee;
  /** Who is told where `to` is nobody. */
  else?: Addressee;
  /** Absent: as the person wishes. */
  by?: Channel;
  /** Name of the template in the catalogues; absent: `reminder`, or `escalation`. */
  message?: string;
  /** Repeated at this distance until somebody acknowledges it, in milliseconds. */
  everyMs?: number;
}

/** Identity of a task within its enrolment (fold.md F10). */
export interface TaskRef {
  /** Path of the state that declares it, or `pathway.paused`. */
  key: string;
  openedAt: Instant;
  /** How many times this state was entered at this very instant before. */
  nth: number;
}

/** An open task. */
export interface StoredTask extends TaskRef {
  dueAt: Instant;
  reminders: Rung[];
  escalations: Rung[];
  /** How long pauses have held it so far, in milliseconds; absent where none did. */
  heldMs?: number;
}

/** The newest entry of a state. */
export interface Entry {
  at: Instant;
  nth: number;
  /** Index, among the events that took part, of the first one that counts as "since" this entry. */
  fact: number;
}

/**
 * The fold's position in one enrolment: everything needed to go on from here, given the events that took part so far.
 * Plain JSON, our own form (not XState's), round-trip tested.
 */
export interface Stored {
  status: "active" | "paused" | "exited";
  enrolledAt: Instant;
  /** Instant of the newest event or firing applied. An event at or after it can be applied without folding again. */
  position: Instant;
  value: StateValue;
  /** History states, as ids of the nodes they remember. */
  history?: Record<string, string[]>;
  entries: Record<string, Entry>;
  timers: StoredTimer[];
  tasks: StoredTask[];
  pausedAt?: Instant;
  exit?: { at: Instant; reason: string };
  /** `seq` of effective events that take no part because nothing takes them at their place. */
  setAside: number[];
}
