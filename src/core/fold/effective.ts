import type { Calendar } from "../calendar.js";
import { ENROLLED, EXITED } from "../document/index.js";
import type { Instant } from "../time.js";
import type { CorrectionRecord, EventRecord, FoldRecord } from "./records.js";
import type { Fact } from "./step.js";

/** The effective events (fold.md F2) in order (F3), bare dates resolved. Empty where the enrolment is not on record. */
export function effectiveEvents(records: readonly FoldRecord[], calendar: Calendar): Fact[] {
  const corrections = new Map<number, CorrectionRecord[]>();
  for (const record of records) {
    if (record.kind !== "correction") continue;
    const earlier = corrections.get(record.corrects);
    if (earlier) earlier.push(record);
    else corrections.set(record.corrects, [record]);
  }
  const corrected = records
    .filter((record) => record.kind === "event")
    .map((event) => correct(event, corrections.get(event.seq)))
    .filter((event) => !event.struckOut);
  const enrolment = corrected.find((event) => event.type === ENROLLED);
  if (!enrolment) return [];
  const enrolledAt = calendar.resolve(enrolment.occurredAt, "00:00");
  return corrected
    .map(({ seq, dataSeq, type, by, data, occurredAt, datedAt }) => ({
      seq,
      dataSeq,
      type,
      at:
        type === ENROLLED && seq === enrolment.seq
          ? enrolledAt
          : instantOf({ type, occurredAt, recordedAt: datedAt }, enrolledAt, calendar),
      by,
      data,
    }))
    .sort((a, b) => first(b, enrolment.seq) - first(a, enrolment.seq) || a.at - b.at || a.seq - b.seq);
}

/** What an event says now, field by field, after the corrections among these records. */
export function presentOf(event: EventRecord, records: readonly FoldRecord[]): Corrected {
  const corrections = records.filter((record) => record.kind === "correction");
  return correct(
    event,
    corrections.filter(({ corrects }) => corrects === event.seq),
  );
}

export interface Corrected extends Omit<EventRecord, "kind" | "recordedAt"> {
  dataSeq: number;
  struckOut: boolean;
  /** When the present `occurredAt` was recorded. */
  datedAt: Instant | null;
}

/** Field by field, the newest correction that names the field. */
function correct(event: EventRecord, corrections: CorrectionRecord[] | undefined): Corrected {
  const { seq, type, by } = event;
  const corrected: Corrected = {
    seq,
    type,
    by,
    occurredAt: event.occurredAt,
    data: event.data,
    dataSeq: seq,
    struckOut: false,
    datedAt: event.recordedAt,
  };
  if (!corrections) return corrected;
  for (const correction of [...corrections].sort((a, b) => a.seq - b.seq)) {
    if (correction.occurredAt !== undefined) {
      corrected.occurredAt = correction.occurredAt;
      corrected.datedAt = correction.recordedAt;
    }
    if (correction.data !== undefined) {
      corrected.data = correction.data;
      corrected.dataSeq = correction.seq;
    }
    if (correction.strikeOut === undefined) continue;
    if (corrected.struckOut && !correction.strikeOut) corrected.dataSeq = correction.seq;
    corrected.struckOut = correction.strikeOut;
  }
  return corrected;
}

/**
 * A bare date is the start of the site's day, on the day of enrolment the enrolment itself; for an exit the end of the
 * day, yet never after it was recorded.
 */
export function instantOf(
  { type, occurredAt, recordedAt }: Pick<EventRecord, "type" | "occurredAt" | "recordedAt">,
  enrolledAt: Instant | undefined,
  calendar: Calendar,
): Instant {
  if (typeof occurredAt === "number") return occurredAt;
  if (type === EXITED) return Math.min(calendar.endOfDay(occurredAt), recordedAt ?? Infinity);
  if (enrolledAt !== undefined && calendar.dateOf(enrolledAt) === occurredAt) return enrolledAt;
  return calendar.startOfDay(occurredAt);
}

function first(fact: Fact, enrolment: number): number {
  return fact.seq === enrolment ? 1 : 0;
}
