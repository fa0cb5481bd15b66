import type { JsonObject } from "../document/document.js";
import type { Instant, When } from "../time.js";

/** A reported fact as it was recorded. `seq` is its place in the enrolment's history. */
export interface EventRecord {
  kind: "event";
  seq: number;
  type: string;
  occurredAt: When;
  /** Null only in `pathways project`, where a line need not say when it was recorded. */
  recordedAt: Instant | null;
  /** The performer where one is given, else the reporter. */
  by: string | null;
  data: JsonObject;
}

/** Replaces, field by field, what an earlier event says (fold.md F2). */
export interface CorrectionRecord {
  kind: "correction";
  seq: number;
  corrects: number;
  recordedAt: Instant | null;
  occurredAt?: When;
  data?: JsonObject;
  strikeOut?: boolean;
}

/** What feeds the fold. Pins are resolved by the caller: they choose the pathway and the calendar it passes in. */
export type FoldRecord = EventRecord | CorrectionRecord;
