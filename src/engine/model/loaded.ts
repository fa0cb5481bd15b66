import type { Calendar, FoldRecord, Instant, Pathway, Standing, StoredTimer } from "../../core/index.js";
import type { PatientInput } from "./commands.js";
import type { Link } from "./persons.js";
import type { HistoryRecord, Source, Texts } from "./records.js";
import type { EnrolmentRow, IdempotencyRow, TaskRow, TimerRow } from "./rows.js";
import type { RecordedPin } from "./rules.js";

/** A firing that is on record. */
export interface Firing extends StoredTimer {
  seq: number;
  firedAt: Instant;
}

/** An event or a correction, with what the fold does not ask for. */
export interface Entry {
  record: FoldRecord;
  /** Who reported it, whoever performed it. */
  reporter: string | null;
  source: Source | null;
  /** Pointers of the texts that were cut out; null: none, or nobody noted it then. */
  cut: string[] | null;
  /** Those texts, sealed. */
  sealed: Buffer | null;
}

/** Where the fold of an enrolment stands, under the rules by which it was folded. */
export interface Position {
  pathway: Pathway;
  calendar: Calendar;
  standing: Standing;
}

/**
 * One enrolment as of its newest record: the history as far as decisions need it, and its rows. Every change appends a
 * record, so `seq` says whether it is still the newest. A value: but for `position`, nothing in it changes.
 */
export interface Kept {
  row: EnrolmentRow;
  seq: number;
  lastHash: Buffer;
  lastRecordedAt: Instant;
  /** Events and corrections, by `seq`. */
  entries: readonly Entry[];
  /** Roughly what they take in memory. */
  entryBytes: number;
  firings: readonly Firing[];
  /** By `seq`; the first one rules from the beginning. */
  pins: readonly RecordedPin[];
  /** In whatever status; tasks and timers each in their order of `row-order.ts`. */
  tasks: readonly TaskRow[];
  timers: readonly TimerRow[];
  /** Worked out from all this, kept for the next time. */
  position: Position | null;
}

export interface LoadedPatient {
  id: string;
  /** For `write`; null once the key is destroyed. */
  wrappedKey: Buffer | null;
  /** The record that stands for the person; the patient's own id where that is this one. */
  personId: string;
  /** The personal data; null once the key is destroyed. */
  reveal(): PatientInput | null;
}

/** An enrolment under its lock. */
export interface LoadedEnrolment extends Omit<Kept, "position"> {
  kept: Kept;
  /** Whose key seals the history. */
  patient: LoadedPatient;
  /** Who the patient is known to be: mostly the same. */
  person: LoadedPatient;
  /** The person's other enrolments on this pathway: where a correction of its beginning or its exit may ask, else none. */
  elsewhere: readonly Stay[];
  /** What was cut out of an event or a correction. */
  reveal(seq: number): Texts;
}

export function entryOf({ entries }: Pick<Kept, "entries">, seq: number): Entry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.record.seq < seq) low = middle + 1;
    else high = middle;
  }
  const found = entries[low];
  return found?.record.seq === seq ? found : undefined;
}

export function foldRecordsOf({ entries }: Pick<Kept, "entries">): FoldRecord[] {
  return entries.map(({ record }) => record);
}

/** When a patient is on a pathway by one enrolment: from its instant until that of the exit, which is left out. */
export interface Stay {
  enrolmentId: string;
  from: Instant;
  /** Null: still there. */
  until: Instant | null;
}

/** By their beginning. */
export function staysOf(rows: readonly EnrolmentRow[], pathwayId: string): Stay[] {
  return rows
    .filter(({ pathway }) => pathway.id === pathwayId)
    .map(({ id, enrolledAt, stored }) => ({ enrolmentId: id, from: enrolledAt, until: stored.exit?.at ?? null }))
    .sort((a, b) => a.from - b.from || (a.enrolmentId < b.enrolmentId ? -1 : 1));
}

/** A patient who has one of the identifiers that a command names. */
export interface PatientMatch {
  patient: LoadedPatient;
  /** All enrolments on the pathway that `enrol` names, by their beginning. */
  stays: readonly Stay[];
}

/** Everything that one command is decided from. */
export interface Loaded {
  /** Null: an enrolment to come, or an id that nobody has. On a replayed `enrol` the enrolment it made. */
  enrolment: LoadedEnrolment | null;
  /** Null: the command carries no key. */
  idempotency: { requestHash: Buffer; found: IdempotencyRow | null } | null;
  /**
   * Only where `idempotency.found` is no refusal, oldest first: the record that the request made and, unless `found.seq`
   * is the newest still, what was told of tasks up to it.
   */
  replayed: HistoryRecord[] | null;
  /** Owners of the identifiers in `enrol` and `amendPatient`. */
  matches: PatientMatch[];
  /** Enrolments of others who have the names and the birth date of whom `enrol` names. */
  alike: string[];
  /** Only where a command is about them: where records are joined or parted, or what is known of somebody may change. */
  persons?: LoadedPersons;
}

/** The persons whom a command names, whole, under the locks of all their rows. */
export interface LoadedPersons {
  patients: LoadedPatient[];
  links: Link[];
  /** By id. */
  enrolments: LoadedEnrolment[];
}
