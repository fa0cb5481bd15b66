import type { Pathway, Standing } from "../../core/index.js";
import type { Answer, EndedClaim, EnrolmentSnapshot, RecordedEvent } from "../model/answer.js";
import type { Changes, ChangeSide } from "../model/changes.js";
import { foldRecordsOf, type LoadedEnrolment } from "../model/loaded.js";
import { bookOfRows, snapshotOf } from "../views/snapshot.js";
import type { Ledger } from "./ledger.js";
import { uncut } from "../model/personal.js";
import { foldRecordOf, type Aside, type EventOnRecord, type HistoryRecord, type Texts } from "../model/records.js";
import { standingAt } from "./place.js";
import type { Chart } from "./chart.js";
import type { Setting } from "../model/rules.js";

type TextsOf = (seq: number) => Texts;

export function sideOf({ stored }: Standing): ChangeSide {
  return {
    state: stored.value,
    tasks: stored.tasks.map(({ key, openedAt, dueAt }) => ({ key, openedAt, dueAt })),
    timers: stored.timers.map(({ name, state, dueAt }) => ({ name, state, dueAt })),
  };
}

/** What a recording changes by now. */
export function changesNow(chart: Chart, after: Standing, setAside: readonly Aside[]): Changes {
  return changesOf(standingAt(chart, chart.standing, chart.now), after, setAside);
}

/** Both sides at the same instant. */
export function changesOf(before: Standing, after: Standing, setAside: readonly Aside[]): Changes {
  return { before: sideOf(before), after: sideOf(after), setAside: [...setAside] };
}

/** The texts of a record that is about to be written, or of one that is. */
export function textsOf(ledger: Ledger, enrolment: LoadedEnrolment | undefined): TextsOf {
  return (seq) => {
    const fresh = ledger.records.find((record) => record.seq === seq);
    if (fresh) return { isSealed: fresh.personal !== null, cut: fresh.cut, texts: fresh.personal };
    return enrolment?.reveal(seq) ?? { isSealed: false, cut: null, texts: null };
  };
}

/** The enrolment as it stands once the ledger is written: one that is there already, or a new one. */
export function snapshotAfter(
  setting: Setting & { enrolment?: LoadedEnrolment },
  ledger: Ledger,
  standing: Standing,
): EnrolmentSnapshot {
  const { enrolment } = setting;
  return snapshotOf({
    row: ledger.row,
    pathway: setting.pathway,
    calendar: setting.calendar,
    asOf: setting.now,
    standing,
    records: () => [
      ...(enrolment ? foldRecordsOf(enrolment) : []),
      ...ledger.records.flatMap((record) => foldRecordOf(record) ?? []),
    ],
    seq: ledger.seq,
    tasks: () => bookOfRows(ledger.taskRows()),
    texts: textsOf(ledger, enrolment),
  });
}

/** An event as the answer to reporting it shows it. */
export function reportedAnswer(
  pathway: Pathway,
  record: EventOnRecord,
  texts: TextsOf,
  snapshot: EnrolmentSnapshot,
  claims: EndedClaim[],
  changes?: Changes,
): Extract<Answer, { kind: "reported" }> {
  const { takenBy, setAside, keptAside } = record.detail;
  return {
    kind: "reported",
    get event() {
      return recordedEvent(pathway, record, texts(record.seq));
    },
    outcome: keptAside ? "setAside" : "accepted",
    takenBy,
    setAside: setAside ?? [],
    claims,
    ...(changes && { changes }),
    snapshot,
  };
}

/** Claims of others that a recording ended, from the records that came with it. */
export function endedClaims(records: readonly HistoryRecord[]): EndedClaim[] {
  return records.flatMap((record) => {
    if (record.kind !== "task" || record.detail.endedBy === undefined) return [];
    const { title, assignee, endedBy } = record.detail;
    return assignee && assignee !== endedBy ? [{ title, assignee }] : [];
  });
}

function recordedEvent(pathway: Pathway, record: EventOnRecord, sealed: Texts): RecordedEvent {
  const { seq, type, occurredAt, recordedAt, by, performer, source, data } = record;
  const note = sealed.texts?.["/note"];
  return {
    ...{ seq, type, occurredAt, recordedAt, by: by!, performer, source },
    data: uncut(pathway, type, data, sealed),
    note: typeof note === "string" ? note : null,
  };
}
