import type { Sql, Statement } from "../../platform/statement.js";
import { add, type Growing } from "../model/grow.js";
import { entryOf, type Kept, type LoadedEnrolment } from "../model/loaded.js";
import { tasksInOrder, timersInOrder } from "../model/row-order.js";
import type { EnrolmentRow } from "../model/rows.js";
import type { EnrolmentEntity } from "./entities/index.js";
import type { HistoryCache } from "./history-cache.js";
import { LOADED_OF_RECORD } from "./read-statements.js";
import { enrolmentRowOf, taskRowOf, timerRowOf } from "./rows.js";
import type { PatientVault } from "./patient-vault.js";
import { recordOf, storedRecordOf } from "./record-codec.js";
import { SealedPatient } from "./sealed-patient.js";
import type { Schema } from "./schema.js";

/** What is asked of the database about one enrolment. */
export interface Asked {
  n: number;
  enrolment: string;
  /** Its rows may not be as they were written: nothing that is kept counts. */
  fresh?: boolean;
  person?: string;
  route?: string;
  key?: string;
}

interface FoundEnrolment {
  n: number;
  id: string;
  seq: number;
  last_hash: Buffer;
  pathway_version: string;
  pathway_hash: string;
  calendar_version: number;
  /** The whole row; null where what is kept is the newest. */
  row: unknown[] | null;
  patient_key: Buffer | null;
  patient_sealed: Buffer;
  /** Of the record that stands for the person, where that is another one. */
  person_key: Buffer | null;
  person_sealed: Buffer | null;
  answered: unknown[] | null;
  newest: number | null;
  goes_on_from: Buffer | null;
  records: unknown[][] | null;
  tasks: unknown[][] | null;
  timers: unknown[][] | null;
}

/** An enrolment as it was read, and what the key that was asked about with it was answered with. */
export interface ReadEnrolment {
  enrolment: LoadedEnrolment;
  answered: unknown[] | null;
}

/** Read too early once, and what was kept was stale once: what still does not fit then was not written by us. */
const MOST_READINGS = 4;

/** The enrolment and its records name different ends; the verification of the chain says where. */
export class BrokenHistory extends Error {
  override readonly name = "BrokenHistory";

  constructor(enrolment: string, said: number, found: number) {
    super(`The history of enrolment ${enrolment} is broken: its row says ${said} records and the newest is ${found}.`);
  }
}

/** Reads enrolments, locked or not; of a history only what is newer than what is kept of it. */
export class EnrolmentReading {
  constructor(
    private readonly schema: Schema,
    private readonly vault: PatientVault,
    private readonly cache: HistoryCache,
  ) {}

  async read(sql: Sql, statement: Statement, asked: readonly Asked[]): Promise<Map<number, ReadEnrolment>> {
    const loaded = new Map<number, ReadEnrolment>();
    let wanted = asked;
    for (let readings = 1; wanted.length > 0; readings += 1) {
      const kept = new Map(wanted.map(({ n, enrolment, fresh }) => [n, fresh ? undefined : this.cache.get(enrolment)]));
      const question = wanted.map(({ fresh: _, ...each }) => ({ ...each, kept: kept.get(each.n)?.seq ?? 0 }));
      const rows = await sql.rows<FoundEnrolment>(statement, [JSON.stringify(question)]);
      const again = new Set<number>();
      for (const row of rows) {
        const isLast = readings === MOST_READINGS;
        const history = this.newest(
          row,
          kept.get(row.n),
          isLast && statement === this.schema.statements.readEnrolments,
        );
        if (history) loaded.set(row.n, { enrolment: this.loaded(row, history), answered: row.answered });
        else if (isLast) throw new BrokenHistory(row.id, row.seq, row.newest ?? 0);
        else again.add(row.n);
      }
      wanted = wanted.filter(({ n }) => again.has(n));
    }
    return loaded;
  }

  /** What is kept with what is newer; undefined where it must be read again. `asItIs`: whoever only looks sees what is there. */
  private newest(found: FoundEnrolment, before: Kept | undefined, asItIs: boolean): Kept | undefined {
    if (before?.seq === found.seq && before.lastHash.equals(found.last_hash)) return pinnedAsFound(before, found);
    // A lock was waited for: what was read beside the row is older than the row.
    const isEarly = found.row !== null && found.newest !== found.seq;
    const goesOn = !before || (before.seq < found.seq && found.goes_on_from?.equals(before.lastHash));
    if (!isEarly && !goesOn) this.cache.forget(found.id);
    const isSound = !isEarly && goesOn;
    if (!found.row || !(isSound || asItIs)) return undefined;
    const kept = this.grown(found, this.schema.enrolment.decode(found.row), before);
    if (isSound) this.cache.put(kept);
    return kept;
  }

  private grown(found: FoundEnrolment, head: EnrolmentEntity, before: Kept | undefined): Kept {
    const row: EnrolmentRow = enrolmentRowOf(head);
    const { entries = [], entryBytes = 0, firings = [], pins = [] } = before ?? {};
    const history: Growing = { entries: [...entries], entryBytes, firings: [...firings], pins: [...pins] };
    for (const values of found.records ?? []) {
      const entity = this.schema.record.decode(values, LOADED_OF_RECORD);
      const stored = storedRecordOf(entity as Parameters<typeof storedRecordOf>[0]);
      add(history, row.id, { record: recordOf(stored), sealed: stored.sealed });
    }
    return {
      ...history,
      row,
      seq: head.seq,
      lastHash: head.lastHash,
      lastRecordedAt: head.lastRecordedAt,
      tasks: tasksInOrder((found.tasks ?? []).map((values) => taskRowOf(this.schema.task.decode(values)))),
      timers: timersInOrder((found.timers ?? []).map((values) => timerRowOf(this.schema.timer.decode(values)))),
      position: null,
    };
  }

  private loaded(found: FoundEnrolment, kept: Kept): LoadedEnrolment {
    const { id, patientId, personId } = kept.row;
    const sealedRow = { id: patientId, personId, wrappedKey: found.patient_key, sealed: found.patient_sealed };
    const patient = new SealedPatient(this.vault, sealedRow);
    const { person_key: wrappedKey, person_sealed: sealed } = found;
    const person = sealed ? new SealedPatient(this.vault, { id: personId, personId, wrappedKey, sealed }) : patient;
    return {
      ...kept,
      kept,
      patient,
      person,
      elsewhere: [],
      reveal(seq) {
        const { cut = null, sealed = null } = entryOf(kept, seq) ?? {};
        return { isSealed: sealed !== null, cut, texts: sealed && patient.revealRecord(id, seq, sealed) };
      },
    };
  }
}

/** A pin that is not as its newest record left it is not for the engine to mend: whoever decides by it will say so. */
function pinnedAsFound(kept: Kept, found: FoundEnrolment): Kept {
  const { pathway, calendarVersion } = kept.row;
  const { pathway_version: version, pathway_hash: hash, calendar_version } = found;
  if (pathway.version === version && pathway.hash === hash && calendarVersion === calendar_version) return kept;
  const pin = { pathway: { id: pathway.id, version, hash }, calendarVersion: calendar_version };
  return { ...kept, row: { ...kept.row, ...pin } };
}
