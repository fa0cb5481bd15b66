import type { Entry, Firing, Kept } from "./loaded.js";
import type { RecordedPin } from "./rules.js";
import type { Write } from "./decision.js";
import { foldRecordOf, type HistoryRecord, type PinOnRecord } from "./records.js";
import { tasksInOrder, timersInOrder } from "./row-order.js";

/** A record as it was written. */
export interface Written {
  record: HistoryRecord;
  sealed: Buffer | null;
  hash: Buffer;
}

/** What is kept of an enrolment once a decision is committed: the same as if it were read again. */
export function grow(before: Kept | null, write: Write, written: readonly Written[]): Kept {
  const newest = written.at(-1)!;
  const { enrolment: row } = write;
  const after: Growing = {
    entries: [...(before?.entries ?? [])],
    entryBytes: before?.entryBytes ?? 0,
    firings: [...(before?.firings ?? [])],
    pins: [...(before?.pins ?? [])],
  };
  for (const one of written) add(after, row.id, one);
  return {
    ...after,
    row,
    seq: newest.record.seq,
    lastHash: newest.hash,
    lastRecordedAt: newest.record.recordedAt,
    tasks: replaced(before?.tasks ?? [], write.tasks, ({ id }) => id, tasksInOrder),
    timers: replaced(before?.timers ?? [], write.timers, ({ state, name }) => `${state} ${name}`, timersInOrder),
    position: write.position,
  };
}

export interface Growing {
  entries: Entry[];
  entryBytes: number;
  firings: Firing[];
  pins: RecordedPin[];
}

/** With its place in the position that is worked out from it: most of it is that. */
const ENTRY_BYTES = 750;

/** Puts a record where decisions look for it; most kinds are nowhere. */
export function add(
  history: Growing,
  enrolmentId: string,
  { record, sealed }: Pick<Written, "record" | "sealed">,
): void {
  const folded = foldRecordOf(record);
  if (folded) {
    const source = record.kind === "event" ? record.source : null;
    history.entries.push({ record: folded, reporter: record.by, source, cut: record.cut, sealed });
    history.entryBytes += ENTRY_BYTES + (sealed?.length ?? 0) + Math.ceil(1.5 * JSON.stringify(folded).length);
  } else if (record.kind === "timer" && record.type === "timer.fired") {
    const { state, name, startedAt, dueAt, firedAt } = record.detail;
    history.firings.push({ seq: record.seq, state, name, startedAt, dueAt, firedAt });
  } else if (record.kind === "pin") {
    history.pins.push(pinOf(record, enrolmentId));
  }
}

function pinOf({ seq, recordedAt, detail }: PinOnRecord, enrolmentId: string): RecordedPin {
  const { pathway, calendar } = detail;
  return { enrolmentId, seq, recordedAt, pathway, siteId: calendar.site, calendarVersion: calendar.version };
}

function replaced<Row>(
  rows: readonly Row[],
  changed: readonly Row[],
  keyOf: (row: Row) => string,
  inOrder: (rows: readonly Row[]) => readonly Row[],
): readonly Row[] {
  if (changed.length === 0) return rows;
  const byKey = new Map(changed.map((row) => [keyOf(row), row]));
  const kept = rows.map((row) => {
    const change = byKey.get(keyOf(row));
    if (change) byKey.delete(keyOf(row));
    return change ?? row;
  });
  return inOrder([...kept, ...byKey.values()]);
}
