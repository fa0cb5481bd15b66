import type { Instant } from "../../core/index.js";

/** What woke the engine, as it stands in the records of the timers that fire. */
export type WokenBy = "job" | "sweep" | "event";

/** How the row of a timer changed. `dueAt` is what it is, or was, armed with. */
export type TimerChange = {
  kind: "armed" | "disarmed";
  timerId: string;
  generation: number;
  /** `<pathway>/<timer>`. */
  name: string;
  dueAt: Instant;
};

/** What one decision brought about, told after its commit to everybody who listens. Losing it loses nothing (E8). */
export interface Committed {
  enrolmentId: string;
  siteId: string;
  /** The enrolment's newest record. */
  seq: number;
  timers: TimerChange[];
  /** One for each firing on record. `latenessMs` counts from the later of due instant and arming. */
  fired: { by: WokenBy; latenessMs: number }[];
  /** Tasks that were opened, closed or changed. */
  taskIds: string[];
}

/** Called after each commit, in the order of listening. What it throws is logged and fails nobody. */
export type CommitListener = (committed: readonly Committed[]) => void;
