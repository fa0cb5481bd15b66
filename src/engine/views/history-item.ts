import type { Instant, JsonObject, Pathway, Role, StateValue, When } from "../../core/index.js";
import { ERASED, uncut } from "../model/personal.js";
import type { RevealedRecord } from "../storage/history.js";
import type { Because, RecordKind } from "../model/loaded.js";

export type Effective = "counts" | "setAside" | "struckOut";

/** One record as somebody who may read it sees it. */
export interface HistoryItem {
  seq: number;
  kind: RecordKind;
  /** Only of events: what becomes of it in the fold as it stands now. */
  effective?: Effective;
  type: string;
  occurredAt: When | null;
  recordedAt: Instant;
  /** Null: the engine. */
  by: string | null;
  role: Role | null;
  performer: string | null;
  source: { system: string; id: string } | null;
  /** Of a refusal also what was typed (`body`), of a change of the patient's data what it says now (`changes`). */
  data: JsonObject | null;
  note: string | null;
  reason: string | null;
  stateBefore: StateValue | null;
  stateAfter: StateValue | null;
  because: Because | null;
  corrects: number | null;
  detail: JsonObject | null;
  hash: string;
  previousHash: string;
}

export function historyItem(
  pathway: Pathway,
  record: RevealedRecord,
  effectOf: (seq: number) => Effective,
): HistoryItem {
  const { sealed, personal, hash, previousHash, ...clear } = record;
  const text = (name: string): string | null => {
    const value = personal?.[`/${name}`];
    return typeof value === "string" ? value : null;
  };
  return {
    ...clear,
    ...(record.kind === "event" && { effective: effectOf(record.seq) }),
    data: dataOf(pathway, record),
    note: text("note"),
    reason: text("reason") ?? (record.kind === "correction" && sealed && !personal ? ERASED : null),
    ...{ hash: hash.toString("hex"), previousHash: previousHash.toString("hex") },
  };
}

function dataOf(pathway: Pathway, { kind, type, data, personal, sealed }: RevealedRecord): JsonObject | null {
  if (data && (kind === "event" || kind === "correction")) return uncut(pathway, type, data, personal);
  const hidden = kind === "refusal" ? "body" : kind === "patient" ? "changes" : undefined;
  if (!hidden || !sealed) return data;
  return { ...data, [hidden]: personal?.[`/${hidden}`] ?? ERASED };
}
