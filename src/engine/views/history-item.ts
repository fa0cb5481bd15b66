import type { Instant, JsonObject, Pathway, Role, StateValue, When } from "../../core/index.js";
import { ERASED, uncut } from "../model/personal.js";
import type { Because, HistoryRecord, RecordKind, RevealedRecord, Source, Texts } from "../model/records.js";

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
  source: Source | null;
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
  { record, texts, hash, previousHash }: RevealedRecord,
  effectOf: (seq: number) => Effective,
): HistoryItem {
  const { seq, kind, type, recordedAt, by, role, stateBefore, stateAfter, because } = record;
  const text = (name: string): string | null => {
    const value = texts.texts?.[`/${name}`];
    return typeof value === "string" ? value : null;
  };
  const isErased = texts.isSealed && !texts.texts;
  return {
    ...{ seq, kind, type, recordedAt, by, role, stateBefore, stateAfter, because },
    ...(kind === "event" && { effective: effectOf(seq) }),
    occurredAt: "occurredAt" in record ? record.occurredAt : null,
    performer: kind === "event" ? record.performer : null,
    source: kind === "event" ? record.source : null,
    data: dataOf(pathway, record, texts),
    note: text("note"),
    reason: text("reason") ?? (isErased && hasReason(record) ? ERASED : null),
    corrects: "corrects" in record ? record.corrects : null,
    detail: "detail" in record ? (record.detail as JsonObject) : null,
    ...{ hash: hash.toString("hex"), previousHash: previousHash.toString("hex") },
  };
}

/** Whose reason was given, as far as they have texts at all. */
function hasReason({ kind, type }: HistoryRecord): boolean {
  return kind === "correction" || kind === "task" || type === "patient.joined" || type === "patient.parted";
}

function dataOf(pathway: Pathway, record: HistoryRecord, sealed: Texts): JsonObject | null {
  const hidden = (name: string): JsonObject =>
    sealed.isSealed ? { [name]: sealed.texts?.[`/${name}`] ?? ERASED } : {};
  switch (record.kind) {
    case "event":
    case "correction":
      return record.data && uncut(pathway, record.type, record.data, sealed);
    case "refusal":
      return { ...record.data, ...hidden("body") };
    case "patient":
      return record.type === "patient.amended" ? { ...record.data, ...hidden("changes") } : { ...record.data };
    default:
      return null;
  }
}
