import { ENROLLED, EXITED } from "../../core/index.js";
import type { Sql, Statement } from "../../platform/statement.js";
import {
  isAboutPersons,
  isKeyed,
  namedIdentifiers,
  type AboutPersons,
  type AmendPatient,
  type Command,
  type Enrol,
} from "../model/commands.js";
import { entryOf, staysOf } from "../model/loaded.js";
import type { Loaded, LoadedEnrolment, LoadedPersons, PatientMatch, Stay } from "../model/loaded.js";
import type { Link } from "../model/persons.js";
import type { IdempotencyRow } from "../model/rows.js";
import type { HistoryCache } from "./history-cache.js";
import { EnrolmentReading, type Asked, type ReadEnrolment } from "./read-enrolments.js";
import type { PatientVault } from "./patient-vault.js";
import { readTaskRecords } from "./record-rows.js";
import { SealedPatient, type SealedPatientRow } from "./sealed-patient.js";
import { hexOf, type Columns } from "./table.js";
import type { Schema } from "./schema.js";

interface FoundPatients {
  n: number;
  answered: unknown[] | null;
  /** Whose the identifiers are. */
  matches: string[] | null;
  /** Whose the enrolment is. */
  person: string | null;
  alike: string[] | null;
}

interface FoundPersons {
  patients: string[];
  enrolments: string[];
  links: Link[];
}

interface FoundStays {
  n: number;
  stays: [enrolmentId: string, from: number, until: number | null][] | null;
}

/** Somebody was faster: what the locks were taken for is not so any more. It counts as a serialisation failure. */
class PersonsChanged extends Error {
  override readonly name = "PersonsChanged";
  readonly code = "40001";

  constructor() {
    super("Records were joined or parted, or the person was enrolled, meanwhile.");
  }
}

type NamesPatient = Enrol | AmendPatient;

/**
 * Reads everything that commands are decided from, however many they are, in one statement for those that name an
 * enrolment and one for those that name a patient; of a history only what is newer than what is kept of it. Rows are
 * locked in a fixed order: enrolments by id, then patients by id.
 *
 * Whoever may change when a person is on a pathway holds the row of that person's head, and reads when that is under
 * this lock: enrolments of somebody known, and corrections of a beginning or an exit. A report of an exit only shortens.
 */
export class Loader {
  private readonly enrolments: EnrolmentReading;

  constructor(
    private readonly schema: Schema,
    private readonly vault: PatientVault,
    cache: HistoryCache,
  ) {
    this.enrolments = new EnrolmentReading(schema, vault, cache);
  }

  /**
   * Locks; call it inside a transaction. No two commands may concern the same enrolment. Unless it may wait, null stands
   * for a command some of whose rows somebody else has locked, that names an enrolment which nobody has, or that
   * concerns a whole person and so goes alone.
   */
  async load(sql: Sql, commands: readonly Command[], { wait }: { wait: boolean }): Promise<(Loaded | null)[]> {
    const found = await this.findPatients(sql, commands, wait);
    const asked = commands.flatMap((command, n) => this.ask(command, n, found.get(n)) ?? []);
    const { lockEnrolments, lockFreeEnrolments } = this.schema.statements;
    const enrolments = await this.enrolments.read(sql, wait ? lockEnrolments : lockFreeEnrolments, asked);
    const elsewhere = await this.lockStays(sql, commands, enrolments, wait);
    const wanted = new Set(asked.map(({ n }) => n));
    const loaded: (Loaded | null)[] = [];
    for (const [n, command] of commands.entries()) {
      const patients = found.get(n);
      if (isAboutPersons(command) || command.kind === "amendPatient" || (patients?.matches && !patients.answered)) {
        loaded.push(wait ? await this.loadPersons(sql, command as AboutPersons | NamesPatient, patients) : null);
        continue;
      }
      const { enrolment = null, answered = null } = enrolments.get(n) ?? {};
      const stays = elsewhere.get(n) ?? [];
      if (!wait && (stays === "held" || (wanted.has(n) && !enrolment))) {
        loaded.push(null);
        continue;
      }
      const idempotency = this.idempotency(command, patients ? patients.answered : answered);
      loaded.push({
        enrolment: enrolment && { ...enrolment, elsewhere: stays as Stay[] },
        idempotency,
        replayed: idempotency?.found ? await this.replayed(sql, idempotency.found, enrolment) : null,
        matches: [],
        alike: patients?.alike ?? [],
      });
    }
    return loaded;
  }

  /** Without locks, for those who only look; null for an id that nobody has. */
  async read(sql: Sql, ids: readonly string[]): Promise<(LoadedEnrolment | null)[]> {
    const asked = ids.map((enrolment, n) => ({ n, enrolment }));
    const found = await this.enrolments.read(sql, this.schema.statements.readEnrolments, asked);
    return ids.map((_, n) => found.get(n)?.enrolment ?? null);
  }

  /** Patients by id, for lists. */
  async patients(sql: Sql, ids: readonly string[]): Promise<Map<string, SealedPatient>> {
    return this.patientsBy(sql, this.schema.statements.readPatients, ids);
  }

  private async findPatients(
    sql: Sql,
    commands: readonly Command[],
    wait: boolean,
  ): Promise<Map<number, FoundPatients>> {
    const asked = commands.flatMap((command, n) =>
      command.kind === "enrol" || (command.kind === "amendPatient" && wait) ? [this.askPatients(command, n)] : [],
    );
    if (asked.length === 0) return new Map();
    const rows = await sql.rows<FoundPatients>(this.schema.statements.findPatients, [JSON.stringify(asked)]);
    return new Map(rows.map((row) => [row.n, row]));
  }

  private askPatients(command: NamesPatient, n: number): object {
    const hashes = namedIdentifiers(command).flatMap((identifier) =>
      this.vault.identifierHashes(identifier).map(hexOf),
    );
    if (command.kind === "amendPatient") return { n, hashes, enrolment: command.enrolmentId };
    return { n, hashes, ...keyOf(command), ...this.askAlike(command) };
  }

  private askAlike({ patient }: Enrol): object {
    const { birthDate } = patient;
    if (birthDate === undefined) return {};
    return { names: hexOf(this.vault.sameNamesHash(patient)), born: this.vault.bornHashes(birthDate).map(hexOf) };
  }

  private ask(command: Command, n: number, found: FoundPatients | undefined): Asked | null {
    if (isAboutPersons(command) || command.kind === "amendPatient") return null;
    if (command.kind !== "enrol") {
      return { n, enrolment: command.enrolmentId, fresh: command.kind === "repair", ...keyOf(command) };
    }
    const made = found?.answered && this.schema.key.decode(found.answered).enrolmentId;
    return made ? { n, enrolment: made } : null;
  }

  /**
   * When else the patients are on the pathway, for corrections that may change when they are: under a lock, which another
   * one of the same group may have.
   */
  private async lockStays(
    sql: Sql,
    commands: readonly Command[],
    enrolments: ReadonlyMap<number, ReadEnrolment>,
    wait: boolean,
  ): Promise<Map<number, Stay[] | "held">> {
    const asked = commands.flatMap((command, n) => {
      const enrolment = enrolments.get(n)?.enrolment;
      return enrolment && command.kind === "correct" && isOfStay(enrolment, command.corrects) ? { n, enrolment } : [];
    });
    if (asked.length === 0) return new Map();
    const { lockPatients, lockFreePatients, readStays } = this.schema.statements;
    const ids = [...new Set(asked.map(({ enrolment: { row } }) => row.personId))];
    const locked = new Set((await this.patientsBy(sql, wait ? lockPatients : lockFreePatients, ids)).keys());
    const mine = asked.filter(({ enrolment: { row } }) => locked.delete(row.personId));
    const questions = mine.map(({ n, enrolment: { row } }) => {
      return { n, enrolment: row.id, person: row.personId, pathway: row.pathway.id };
    });
    const rows = await sql.rows<FoundStays>(readStays, [JSON.stringify(questions)]);
    return new Map<number, Stay[] | "held">([
      ...asked.map(({ n }): [number, "held"] => [n, "held"]),
      ...rows.map(({ n, stays }): [number, Stay[]] => [
        n,
        (stays ?? []).map(([enrolmentId, from, until]) => ({ enrolmentId, from, until })),
      ]),
    ]);
  }

  /** All rows of the persons whom a command names: enrolments by id, then patients by id, as everybody locks them. */
  private async loadPersons(
    sql: Sql,
    command: AboutPersons | NamesPatient,
    named: FoundPatients | undefined,
  ): Promise<Loaded> {
    const { statements } = this.schema;
    const ids = patientsOf(command, named);
    const [before] = await sql.rows<FoundPersons>(statements.readPersons, [ids]);
    // Whoever enrols has looked for the key already.
    const key = command.kind === "enrol" ? {} : keyOf(command);
    const asked = before!.enrolments.map((enrolment, n) => ({ n, enrolment, ...key }));
    const found = await this.enrolments.read(sql, statements.lockEnrolments, asked);
    const patients = await this.patientsBy(sql, statements.lockPatients, before!.patients);
    const [after] = await sql.rows<FoundPersons>(statements.readPersons, [ids]);
    if (JSON.stringify(after) !== JSON.stringify(before)) throw new PersonsChanged();
    const enrolments = [...found.values()].map(({ enrolment }): LoadedEnrolment => {
      const { patientId, personId } = enrolment.row;
      // Read beside the row, they may be older than the lock.
      return { ...enrolment, patient: patients.get(patientId)!, person: patients.get(personId)! };
    });
    const idempotency = this.idempotency(command, found.get(0)?.answered ?? null);
    const enrolment = enrolments.find(({ row }) => isMain(command, idempotency?.found ?? null, row)) ?? null;
    return {
      enrolment,
      idempotency,
      replayed: idempotency?.found ? await this.replayed(sql, idempotency.found, enrolment) : null,
      matches: matchesOf(command, named?.matches ?? [], patients, enrolments),
      alike: named?.alike ?? [],
      persons: { patients: [...patients.values()], links: before!.links, enrolments },
    };
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

/** Whether an event says from when, or until when, the patient is here. */
function isOfStay(enrolment: LoadedEnrolment, seq: number): boolean {
  const record = entryOf(enrolment, seq)?.record;
  return record?.kind === "event" && (record.type === ENROLLED || record.type === EXITED);
}

function patientsOf(command: AboutPersons | NamesPatient, named: FoundPatients | undefined): string[] {
  if (command.kind === "joinPatients") return [command.patientId, command.sameAs];
  if (command.kind === "partPatient") return [command.patientId];
  return [...(named?.person ? [named.person] : []), ...(named?.matches ?? [])];
}

/** The enrolment that the command is told by. */
function isMain(
  command: AboutPersons | NamesPatient,
  answered: IdempotencyRow | null,
  { id, patientId }: LoadedEnrolment["row"],
): boolean {
  if (command.kind === "enrol") return false;
  if (command.kind === "amendPatient") return id === command.enrolmentId;
  return answered ? id === answered.enrolmentId : patientId === command.patientId;
}

function matchesOf(
  command: Command,
  ids: readonly string[],
  patients: ReadonlyMap<string, SealedPatient>,
  enrolments: LoadedPersons["enrolments"],
): PatientMatch[] {
  return ids.map((id) => {
    const patient = patients.get(id);
    if (patient?.personId !== id) throw new PersonsChanged();
    const rows = enrolments.map(({ row }) => row).filter(({ personId }) => personId === id);
    return { patient, stays: command.kind === "enrol" ? staysOf(rows, command.pathway) : [] };
  });
}

function keyOf(command: Command): Pick<Asked, "person" | "route" | "key"> {
  if (!isKeyed(command) || !command.idempotency) return {};
  return { person: command.actor.person, route: command.idempotency.route, key: command.idempotency.key };
}
