import type { FoldRecord, JsonObject, Pathway, Standing, When } from "../../core/index.js";
import type { Answer, Changes, ChangeSide, EnrolmentSnapshot, RecordedEvent } from "../model/answer.js";
import type { HistoryRecord, LoadedEnrolment } from "../model/loaded.js";
import { bookOfRows, snapshotOf } from "../views/snapshot.js";
import type { Identity, Ledger } from "./ledger.js";
import { uncut } from "../model/personal.js";
import type { Aside } from "./place.js";
import type { Setting } from "./situation.js";

type Texts = (seq: number) => JsonObject | null;
export type AnyRecord = Omit<HistoryRecord, "hash" | "previousHash">;

export function sideOf({ stored }: Standing): ChangeSide {
  return {
    state: stored.value,
    tasks: stored.tasks.map(({ key, openedAt, dueAt }) => ({ key, openedAt, dueAt })),
    timers: stored.timers.map(({ name, state, dueAt }) => ({ name, state, dueAt })),
  };
}

/** What a recording changes, both sides at the same instant. */
export function changesOf(before: Standing, after: Standing, setAside: readonly Aside[]): Changes {
  return { before: sideOf(before), after: sideOf(after), setAside: [...setAside] };
}

/** The texts of a record that is about to be written, or of one that is. */
export function textsOf(ledger: Ledger, enrolment: LoadedEnrolment | null): Texts {
  const fresh = new Map(ledger.records.map((record) => [record.seq, record.personal]));
  return (seq) => (fresh.has(seq) ? fresh.get(seq)! : (enrolment?.reveal(seq) ?? null));
}

/** The enrolment as it stands once the ledger is written. */
export function snapshotAfter(
  setting: Setting,
  ledger: Ledger,
  standing: Standing,
  enrolment: LoadedEnrolment | null,
  row: Identity,
): EnrolmentSnapshot {
  return snapshotOf({
    ...{ row, pathway: setting.pathway, calendar: setting.calendar, asOf: setting.now, standing },
    records: [...(enrolment?.records ?? []), ...ledger.records.flatMap(foldRecordOf)],
    seq: ledger.seq,
    tasks: bookOfRows(ledger.taskRows()),
    texts: textsOf(ledger, enrolment),
  });
}

/** What feeds the fold of a record, if anything does. */
function foldRecordOf(record: AnyRecord): FoldRecord[] {
  const { kind, seq, type, recordedAt } = record;
  if (kind === "event") {
    const { occurredAt, data } = record;
    return [
      { kind, seq, type, occurredAt: occurredAt!, recordedAt, by: record.performer ?? record.by, data: data ?? {} },
    ];
  }
  return kind === "correction" ? [correctionOf(record)] : [];
}

export function correctionOf(record: AnyRecord): FoldRecord {
  const { seq, corrects, recordedAt, occurredAt, data, detail } = record;
  const strikeOut = detail?.["strikeOut"];
  return {
    ...{ kind: "correction", seq, corrects: corrects!, recordedAt },
    ...(occurredAt !== null && { occurredAt: occurredAt as When }),
    ...(data !== null && { data }),
    ...(typeof strikeOut === "boolean" && { strikeOut }),
  };
}

/** An event as the answer to reporting it shows it. */
export function reportedAnswer(
  pathway: Pathway,
  record: AnyRecord,
  texts: Texts,
  snapshot: EnrolmentSnapshot,
  changes?: Changes,
): Extract<Answer, { kind: "reported" }> {
  const { takenBy, setAside, keptAside } = record.detail as unknown as EventDetail;
  return {
    kind: "reported",
    event: recordedEvent(pathway, record, texts(record.seq)),
    outcome: keptAside ? "setAside" : "accepted",
    takenBy,
    setAside: setAside ?? [],
    ...(changes && { changes }),
    snapshot,
  };
}

/** What an event's record says beside its data. */
export interface EventDetail {
  takenBy: string[];
  setAside?: Aside[];
  keptAside?: boolean;
  /** Of an enrolment: see the answer `enrolled`. */
  differs?: string[];
}

function recordedEvent(pathway: Pathway, record: AnyRecord, texts: JsonObject | null): RecordedEvent {
  const { seq, type, occurredAt, recordedAt, by, performer, source, data } = record;
  const note = texts?.["/note"];
  return {
    ...{ seq, type, occurredAt: occurredAt!, recordedAt, by: by!, performer, source },
    data: uncut(pathway, type, data ?? {}, texts),
    note: typeof note === "string" ? note : null,
  };
}
