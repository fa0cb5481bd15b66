import { formatInstant, formatWhen, type Json, type JsonObject } from "../core/index.js";
import type { HistoryItem as Record } from "../engine/index.js";
import type { HistoryItem } from "./history.schemas.js";

/** Members of `because` and `detail` that are instants, in milliseconds as they are chained. */
const INSTANTS = new Set(["at", "dueAt", "firedAt", "occurredAt", "openedAt", "snoozedUntil", "startedAt"]);

export function historyAnswer(record: Record): HistoryItem {
  const { seq, kind, effective, type, by, role, performer, source, data, note, reason, corrects, detail } = record;
  const firedBy = detail?.["firedBy"] as HistoryItem["firedBy"];
  return {
    seq,
    kind,
    ...(effective && { effective }),
    type,
    occurredAt: record.occurredAt === null ? null : formatWhen(record.occurredAt),
    recordedAt: formatInstant(record.recordedAt),
    by,
    ...(role !== null && { role }),
    ...(performer !== null && { performer }),
    ...(source !== null && { source }),
    data,
    ...(note !== null && { note }),
    ...(reason !== null && { reason }),
    stateBefore: record.stateBefore,
    stateAfter: record.stateAfter,
    because: record.because && (readable(record.because as unknown as JsonObject) as JsonObject),
    ...(corrects !== null && { corrects }),
    ...(firedBy !== undefined && { firedBy }),
    ...(detail !== null && { detail: readable(detail) as JsonObject }),
    hash: record.hash,
    previousHash: record.previousHash,
  };
}

/** The same with instants as everywhere in answers. */
function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      INSTANTS.has(key) && typeof member === "number" ? formatInstant(member) : readable(member),
    ]),
  );
}
