import type { Instant } from "../../core/index.js";
import type { Sql, Statement } from "../../platform/statement.js";
import { add, type Growing } from "../model/grow.js";
import {
  isAboutPersons,
  isKeyed,
  namedIdentifiers,
  type AboutPersons,
  type AmendPatient,
  type Command,
  type Enrol,
} from "../model/commands.js";
import { entryOf } from "../model/loaded.js";
import type { Kept, Loaded, LoadedEnrolment, PatientMatch, Stay } from "../model/loaded.js";
import type { Link } from "../model/persons.js";
import { tasksInOrder, timersInOrder } from "../model/row-order.js";
import type { EnrolmentRow, IdempotencyRow } from "../model/rows.js";
import type { EnrolmentEntity } from "./entities/index.js";
import type { HistoryCache } from "./history-cache.js";
import { LOADED_OF_RECORD } from "./read-statements.js";
import { enrolmentRowOf, taskRowOf, timerRowOf } from "./rows.js";
import type { PatientVault } from "./patient-vault.js";
import { recordOf, storedRecordOf } from "./record-codec.js";
import { readTaskRecords } from "./record-rows.js";
import { SealedPatient, type SealedPatientRow } from "./sealed-patient.js";
import { hexOf, type Columns } from "./table.js";
import type { Schema } from "./schema.js";

/** What is asked of the database about one enrolment. */
interface Asked {
  n: number;
  enrolment: string;
  elsewhere?: boolean;
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
  elsewhere: StayRow[] | null;
}

interface FoundPatients {
  n: number;
  answered: unknown[] | null;
  matches: [patientId: string, activeEnrolment: string | null, stays: StayRow[] | null][] | null;
  alike: string[] | null;
}

type StayRow = [enrolmentId: string, from: Instant, until: Instant | null];

function staysOf(rows: readonly StayRow[] | null): Stay[] {
  return (rows ?? []).map(([enrolmentId, from, until]) => ({ enrolmentId, from, until }));
}

interface FoundPersons {
  patients: string[];
  enrolments: string[];
  links: Link[];
}

/** Somebody was faster: what the locks were taken for is not so any more. It counts as a serialisation failure. */
class PersonsChanged extends Error {
  override readonly name = "PersonsChanged";
  readonly code = "40001";

  constructor() {
    super("Records were joined or parted meanwhile.");
  }
}

type NamesPatient = Enrol | AmendPatient;

/** Read too early once, and what was kept was stale once: what still does not fit then was not written by us. */
const MOST_READINGS = 4;

/** The enrolment and its records name different ends; the verification of the chain says where. */
export class BrokenHistory extends Error {
  override readonly name = "BrokenHistory";

  constructor(enrolment: string, said: number, found: number) {
    super(`The history of enrolment ${enrolment} is broken: its row says ${said} records and the newest is ${found}.`);
  }
}

/**
 * Reads everything that commands are decided from, however many they are, in one statement for those that name an
 * enrolment and one for those that name a patient; of a history only what is newer than what is kept of it. Rows are
 * locked in a fixed order: enrolments by id, then patients.
 */
export class Loader {
  constructor(
    private readonly schema: Schema,
    private readonly vault: PatientVault,
    private readonly cache: HistoryCache,
  ) {}

  /**
   * Locks; call it inside a transaction. No two commands may concern the same enrolment. Unless it may wait, null stands
   * for a command some of whose rows somebody else has locked, or that names an enrolment which nobody has.
   */
  async load(sql: Sql, commands: readonly Command[], { wait }: { wait: boolean }): Promise<(Loaded | null)[]> {
    const [first] = commands;
    if (first && isAboutPersons(first) && wait) return [await this.loadPersons(sql, first)];
    const found = await this.findPatients(sql, commands);
    const asked = commands.flatMap((command, n) => this.ask(command, n, found.get(n)) ?? []);
    const { lockEnrolments, lockFreeEnrolments } = this.schema.statements;
    const enrolments = await this.enrolments(sql, wait ? lockEnrolments : lockFreeEnrolments, asked);
    const patients = await this.lockPatients(sql, commands, enrolments, found, wait);
    const wanted = new Set(asked.map(({ n }) => n));
    return Promise.all(
      commands.map(async (command, n): Promise<Loaded | null> => {
        // What concerns several enrolments goes alone.
        if (isAboutPersons(command)) return null;
        const enrolment = enrolments.get(n)?.enrolment ?? null;
        const matches = (found.get(n)?.matches ?? []).flatMap(([id, activeEnrolment, stays]): PatientMatch[] => {
          const patient = patients.get(id);
          return patient ? [{ patient, activeEnrolment, stays: staysOf(stays) }] : [];
        });
        const own = enrolment && patients.get(enrolment.row.personId);
        const isMoved = matches.some(({ patient }) => patient.personId !== patient.id);
        if (isMoved && wait) throw new PersonsChanged();
        const isHeld =
          isMoved ||
          (wanted.has(n) && !enrolment) ||
          (command.kind === "amendPatient" && enrolment && !own) ||
          matches.length < (found.get(n)?.matches?.length ?? 0);
        if (isHeld && !wait) return null;
        const before = command.kind === "enrol" ? found.get(n)?.answered : enrolments.get(n)?.answered;
        const idempotency = this.idempotency(command, before ?? null);
        const replayed = idempotency?.found ? await this.replayed(sql, idempotency.found, enrolment) : null;
        return {
          enrolment: own ? { ...enrolment, person: own } : enrolment,
          idempotency,
          replayed,
          matches,
          alike: found.get(n)?.alike ?? [],
        };
      }),
    );
  }

  /** Without locks, for those who only look; null for an id that nobody has. */
  async read(sql: Sql, ids: readonly string[]): Promise<(LoadedEnrolment | null)[]> {
    const asked = ids.map((enrolment, n) => ({ n, enrolment }));
    const found = await this.enrolments(sql, this.schema.statements.readEnrolments, asked);
    return ids.map((_, n) => found.get(n)?.enrolment ?? null);
  }

  /** Patients by id, for lists. */
  async patients(sql: Sql, ids: readonly string[]): Promise<Map<string, SealedPatient>> {
    return this.patientsBy(sql, this.schema.statements.readPatients, ids);
  }

  private async findPatients(sql: Sql, commands: readonly Command[]): Promise<Map<number, FoundPatients>> {
    const asked = commands.flatMap((command, n) => (namesPatient(command) ? [this.askPatients(command, n)] : []));
    if (asked.length === 0) return new Map();
    const rows = await sql.rows<FoundPatients>(this.schema.statements.findPatients, [JSON.stringify(asked)]);
    return new Map(rows.map((row) => [row.n, row]));
  }

  private askPatients(command: NamesPatient, n: number): object {
    const hashes = namedIdentifiers(command).flatMap((identifier) =>
      this.vault.identifierHashes(identifier).map(hexOf),
    );
    return { n, hashes, ...keyOf(command), ...(command.kind === "enrol" && this.askAlike(command)) };
  }

  private askAlike({ pathway, patient }: Enrol): object {
    const { birthDate } = patient;
    if (birthDate === undefined) return { pathway };
    return {
      pathway,
      names: hexOf(this.vault.sameNamesHash(patient)),
      born: this.vault.bornHashes(birthDate).map(hexOf),
    };
  }

  /** All rows of the persons whom a command names: enrolments by id, then patients by id, as everybody locks them. */
  private async loadPersons(sql: Sql, command: AboutPersons): Promise<Loaded> {
    const named = command.kind === "joinPatients" ? [command.patientId, command.sameAs] : [command.patientId];
    const { statements } = this.schema;
    const [before] = await sql.rows<FoundPersons>(statements.readPersons, [named]);
    const asked = before!.enrolments.map((enrolment, n) => ({ n, enrolment, ...keyOf(command) }));
    const found = await this.enrolments(sql, statements.lockEnrolments, asked);
    const patients = await this.patientsBy(sql, statements.lockPatients, before!.patients);
    const [after] = await sql.rows<FoundPersons>(statements.readPersons, [named]);
    if (JSON.stringify(after) !== JSON.stringify(before)) throw new PersonsChanged();
    const enrolments = [...found.values()].map(({ enrolment }) => enrolment);
    const idempotency = this.idempotency(command, found.get(0)?.answered ?? null);
    const isMain = ({ row }: LoadedEnrolment): boolean =>
      idempotency?.found ? row.id === idempotency.found.enrolmentId : row.patientId === command.patientId;
    const enrolment = enrolments.find(isMain) ?? null;
    const replayed = idempotency?.found ? await this.replayed(sql, idempotency.found, enrolment) : null;
    const persons = { patients: [...patients.values()], links: before!.links, enrolments };
    return { enrolment, idempotency, replayed, matches: [], alike: [], persons };
  }

  private ask(command: Command, n: number, found: FoundPatients | undefined): Asked | null {
    if (isAboutPersons(command)) return null;
    if (command.kind !== "enrol") {
      const { kind, enrolmentId: enrolment } = command;
      return { n, enrolment, elsewhere: kind === "correct", fresh: kind === "repair", ...keyOf(command) };
    }
    const made = found?.answered && this.schema.key.decode(found.answered).enrolmentId;
    return made ? { n, enrolment: made } : null;
  }

  private async enrolments(
    sql: Sql,
    statement: Statement,
    asked: readonly Asked[],
  ): Promise<Map<number, { enrolment: LoadedEnrolment; answered: unknown[] | null }>> {
    const loaded = new Map<number, { enrolment: LoadedEnrolment; answered: unknown[] | null }>();
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
      elsewhere: staysOf(found.elsewhere),
      reveal(seq) {
        const { cut = null, sealed = null } = entryOf(kept, seq) ?? {};
        return { isSealed: sealed !== null, cut, texts: sealed && patient.revealRecord(id, seq, sealed) };
      },
    };
  }

  /** Commands that name a patient may change the patient's row, which enrolments share. */
  private async lockPatients(
    sql: Sql,
    commands: readonly Command[],
    enrolments: ReadonlyMap<number, { enrolment: LoadedEnrolment }>,
    found: ReadonlyMap<number, FoundPatients>,
    wait: boolean,
  ): Promise<Map<string, SealedPatient>> {
    const ids = commands.flatMap((command, n) => {
      if (!namesPatient(command)) return [];
      const own = enrolments.get(n)?.enrolment.row.personId;
      return [...(own ? [own] : []), ...(found.get(n)?.matches ?? []).map(([patientId]) => patientId)];
    });
    const { lockPatients, lockFreePatients } = this.schema.statements;
    return ids.length === 0
      ? new Map()
      : this.patientsBy(sql, wait ? lockPatients : lockFreePatients, [...new Set(ids)]);
  }

  private async patientsBy(
    sql: Sql,
    statement: Statement,
    ids: readonly string[],
  ): Promise<Map<string, SealedPatient>> {
    const rows = await sql.rows<Columns>(statement, [ids]);
    return new Map(
      rows.map((row) => {
        const patient = this.schema.patient.read(row) satisfies SealedPatientRow;
        return [patient.id, new SealedPatient(this.vault, patient)];
      }),
    );
  }

  /** Of the tasks only what came with it where nothing came since: their rows tell. A refusal is told by its key alone. */
  private async replayed(
    sql: Sql,
    { enrolmentId, seq, recordSeq, refusal }: IdempotencyRow,
    enrolment: LoadedEnrolment | null,
  ): Promise<Loaded["replayed"]> {
    if (enrolmentId === null || refusal) return [];
    const after = seq === enrolment?.seq ? (recordSeq ?? seq) : 0;
    return readTaskRecords(sql, this.schema, enrolmentId, { after, upTo: seq }, recordSeq);
  }

  private idempotency(command: Command, answered: unknown[] | null): Loaded["idempotency"] {
    if (!isKeyed(command) || !command.idempotency) return null;
    const requestHash = this.vault.requestHash(command.idempotency.request);
    return { requestHash, found: answered && this.schema.key.decode(answered) };
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

function namesPatient(command: Command): command is NamesPatient {
  return command.kind === "enrol" || command.kind === "amendPatient";
}

function keyOf(command: Command): Pick<Asked, "person" | "route" | "key"> {
  if (!isKeyed(command) || !command.idempotency) return {};
  return { person: command.actor.person, route: command.idempotency.route, key: command.idempotency.key };
}
