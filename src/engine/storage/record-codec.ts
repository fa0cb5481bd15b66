/**
 * The one codec between a record and what is stored of it: `StoredRecord` is the flat shape of the table, with every
 * member that some kind has, and the shape over which the chain is hashed.
 */
import type { JsonObject, When } from "../../core/index.js";
import type { HistoryRecord, RecordKind, Source } from "../model/records.js";
import type { RecordEntity } from "./entities/record.entity.js";

type Common = Pick<
  HistoryRecord,
  "seq" | "recordedAt" | "by" | "role" | "stateBefore" | "stateAfter" | "because" | "cut"
>;

/** A record as it lies in the table, its texts sealed. */
export interface StoredRecord extends Common {
  kind: RecordKind;
  type: string;
  occurredAt: When | null;
  performer: string | null;
  source: Source | null;
  data: JsonObject | null;
  sealed: Buffer | null;
  corrects: number | null;
  detail: JsonObject | null;
  previousHash: Buffer;
  hash: Buffer;
}

/** What a chain is made of, before its hashes are known. */
export type UnchainedRecord = Omit<StoredRecord, "previousHash" | "hash">;

export function storedForm(record: HistoryRecord, sealed: Buffer | null): UnchainedRecord {
  const own = record as Partial<UnchainedRecord>;
  return {
    seq: record.seq,
    kind: record.kind,
    type: record.type,
    occurredAt: own.occurredAt ?? null,
    recordedAt: record.recordedAt,
    by: record.by,
    role: record.role,
    performer: own.performer ?? null,
    source: own.source ?? null,
    data: own.data ?? null,
    sealed,
    corrects: own.corrects ?? null,
    stateBefore: record.stateBefore,
    stateAfter: record.stateAfter,
    because: record.because,
    detail: own.detail ?? null,
    cut: record.cut,
  };
}

/** Each kind with its own members and no others. */
export function recordOf(stored: UnchainedRecord): HistoryRecord {
  const { seq, recordedAt, by, role, stateBefore, stateAfter, because, cut, kind, type } = stored;
  const common = { seq, recordedAt, by, role, stateBefore, stateAfter, because, cut, kind, type };
  const { occurredAt, performer, source, data, corrects, detail } = stored;
  return { ...common, ...own(kind) } as HistoryRecord;

  function own(of: RecordKind): Partial<UnchainedRecord> {
    switch (of) {
      case "event":
        return { occurredAt, performer, source, data: data ?? {}, detail };
      case "correction":
        return { occurredAt, data, corrects, detail };
      case "refusal":
        return { data, corrects };
      case "patient":
        return { data };
      case "pin":
      case "enrolment":
        return { detail };
      case "timer":
      case "task":
      case "message":
        return { occurredAt, detail };
    }
  }
}

export function entityOf(enrolmentId: string, record: StoredRecord): RecordEntity {
  const { occurredAt, source } = record;
  return {
    seq: record.seq,
    kind: record.kind,
    type: record.type,
    recordedAt: record.recordedAt,
    by: record.by,
    role: record.role,
    performer: record.performer,
    data: record.data,
    sealed: record.sealed,
    cut: record.cut,
    corrects: record.corrects,
    stateBefore: record.stateBefore,
    stateAfter: record.stateAfter,
    because: record.because,
    detail: record.detail,
    previousHash: record.previousHash,
    hash: record.hash,
    enrolmentId,
    occurredAt: typeof occurredAt === "number" ? occurredAt : null,
    occurredOn: typeof occurredAt === "string" ? occurredAt : null,
    sourceSystem: source?.system ?? null,
    sourceId: source?.id ?? null,
  };
}

export function storedRecordOf({ enrolmentId: _, ...entity }: RecordEntity): StoredRecord {
  const { occurredAt, occurredOn, sourceSystem, sourceId, ...same } = entity;
  return {
    ...same,
    occurredAt: occurredOn ?? occurredAt,
    source: sourceId === null ? null : { system: sourceSystem!, id: sourceId },
  };
}
