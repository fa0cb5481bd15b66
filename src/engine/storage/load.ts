import type { EntityManager } from "typeorm";
import { isKeyed, type Command, type Enrol, type AmendPatient } from "../model/commands.js";
import type { HistoryRecord, IdempotencyRow, Loaded, PatientMatch } from "../model/loaded.js";
import { type AnsweredRow, answeredBefore, type EnrolmentLoadRow, loadedEnrolment } from "./loaded-rows.js";
import { type PatientRow, SealedPatient } from "./loaded-rows.js";
import { FIND_PATIENTS, LOCK_ENROLMENTS, LOCK_PATIENTS } from "./load-statements.js";
import { READ_ENROLMENTS, READ_PATIENTS } from "./load-statements.js";
import type { PatientVault } from "./patient-vault.js";
import { readHistory } from "./record-rows.js";
import { run, type Statement } from "../../platform/statement.js";

/** What is asked of the database for one command. */
interface Asked {
  id: string | null;
  source?: { system: string; id: string };
}

interface MatchRow extends AnsweredRow {
  n: number;
  matches: [patientId: string, activeEnrolment: string | null][] | null;
}

type NamesPatient = Enrol | AmendPatient;

/**
 * Reads everything that commands are decided from, however many they are, in one statement for those that name an
 * enrolment and one for those that name a patient. Rows are locked in a fixed order: enrolments by id, then patients.
 */
export class Loader {
  constructor(private readonly vault: PatientVault) {}

  /** Locks; call it inside a transaction. No two commands may concern the same enrolment. */
  async load(manager: EntityManager, commands: readonly Command[]): Promise<Loaded[]> {
    const found = await this.findPatients(manager, commands);
    const asked = commands.map((command, n): Asked => {
      if (command.kind === "enrol") return { id: answered(command, found.get(n))?.enrolmentId ?? null };
      return { id: command.enrolmentId, source: command.kind === "report" ? command.event.source : undefined };
    });
    const rows = await this.enrolments(manager, commands, asked);
    const patients = await this.lockPatients(manager, commands, rows, found);
    const loaded: Loaded[] = [];
    for (const [n, command] of commands.entries()) {
      const row = rows.get(n);
      const match = found.get(n);
      const idempotency = this.idempotency(command, command.kind === "enrol" ? match : row);
      const before = idempotency?.found;
      loaded.push({
        enrolment: row ? loadedEnrolment(row, patients.get(row.patient_id) ?? this.patientOf(row)) : null,
        idempotency,
        replayed: before ? await this.replayed(manager, before) : null,
        matches: (match?.matches ?? []).map(([patientId, activeEnrolment]): PatientMatch => {
          return { patient: patients.get(patientId)!, activeEnrolment };
        }),
        sourceSeenAt: row?.source_seen_at ?? null,
      });
    }
    return loaded;
  }

  /** The same without locks, for those who only look; null for an id that nobody has. */
  async read(manager: EntityManager, ids: readonly string[]): Promise<(Loaded | null)[]> {
    const rows = await this.query(
      manager,
      READ_ENROLMENTS,
      ids.map((id, n) => ({ n, id })),
    );
    return ids.map((_, n) => {
      const row = rows.get(n);
      if (!row) return null;
      const enrolment = loadedEnrolment(row, this.patientOf(row));
      return { enrolment, idempotency: null, replayed: null, matches: [], sourceSeenAt: null };
    });
  }

  /** Patients by id, for lists. */
  async patients(manager: EntityManager, ids: readonly string[]): Promise<Map<string, SealedPatient>> {
    return this.patientsBy(manager, READ_PATIENTS, ids);
  }

  private async findPatients(manager: EntityManager, commands: readonly Command[]): Promise<Map<number, MatchRow>> {
    const asked = commands.flatMap((command, n) => (namesPatient(command) ? [this.askPatient(command, n)] : []));
    if (asked.length === 0) return new Map();
    const rows = await run<MatchRow>(manager, FIND_PATIENTS, [JSON.stringify(asked)]);
    return new Map(rows.map((row) => [row.n, row]));
  }

  private askPatient(command: NamesPatient, n: number): object {
    const { identifiers = [] } = command.kind === "enrol" ? command.patient : command.changes;
    const hashes = identifiers.map((identifier) => hex(this.vault.identifierHash(identifier)));
    const place = command.kind === "enrol" ? { pathway: command.pathway } : {};
    return { n, ...place, hashes, ...keyOf(command) };
  }

  /** Read again where a lock was waited for: what was read beside it may be older than the row. */
  private async enrolments(
    manager: EntityManager,
    commands: readonly Command[],
    asked: readonly Asked[],
  ): Promise<Map<number, EnrolmentLoadRow>> {
    const wanted = asked.flatMap(({ id, source }, n) =>
      id === null ? [] : [{ n, id, source_system: source?.system, source_id: source?.id, ...keyOf(commands[n]!) }],
    );
    if (wanted.length === 0) return new Map();
    const rows = await this.query(manager, LOCK_ENROLMENTS, wanted);
    const early = [...rows.values()].some(({ newest, seq }) => newest !== seq);
    return early ? await this.query(manager, LOCK_ENROLMENTS, wanted) : rows;
  }

  private async query(
    manager: EntityManager,
    statement: Statement,
    wanted: readonly { n: number; id: string | null }[],
  ): Promise<Map<number, EnrolmentLoadRow>> {
    const rows = await run<EnrolmentLoadRow>(manager, statement, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.n, row]));
  }

  /** Commands that name a patient may change the patient's row, which enrolments share. */
  private async lockPatients(
    manager: EntityManager,
    commands: readonly Command[],
    rows: ReadonlyMap<number, EnrolmentLoadRow>,
    found: ReadonlyMap<number, MatchRow>,
  ): Promise<Map<string, SealedPatient>> {
    const ids = commands.flatMap((command, n) => {
      if (!namesPatient(command)) return [];
      const own = rows.get(n)?.patient_id;
      return [...(own ? [own] : []), ...(found.get(n)?.matches ?? []).map(([patientId]) => patientId)];
    });
    return ids.length === 0 ? new Map() : this.patientsBy(manager, LOCK_PATIENTS, [...new Set(ids)]);
  }

  private async patientsBy(
    manager: EntityManager,
    statement: Statement,
    ids: readonly string[],
  ): Promise<Map<string, SealedPatient>> {
    const rows = await run<PatientRow>(manager, statement, [ids]);
    return new Map(rows.map((row) => [row.id, new SealedPatient(this.vault, row)]));
  }

  private patientOf(row: EnrolmentLoadRow): SealedPatient {
    return new SealedPatient(this.vault, { id: row.patient_id, wrapped_key: row.wrapped_key, sealed: row.sealed });
  }

  private async replayed(manager: EntityManager, { enrolmentId, seq }: IdempotencyRow): Promise<HistoryRecord[]> {
    return enrolmentId === null ? [] : readHistory(manager, enrolmentId, { after: 0, limit: seq });
  }

  private idempotency(command: Command, row: AnsweredRow | undefined): Loaded["idempotency"] {
    if (!isKeyed(command) || !command.idempotency) return null;
    return { requestHash: this.vault.requestHash(command.idempotency.request), found: answered(command, row) };
  }
}

function namesPatient(command: Command): command is NamesPatient {
  return command.kind === "enrol" || command.kind === "amendPatient";
}

function keyOf(command: Command): { person?: string; route?: string; key?: string } {
  if (!isKeyed(command) || !command.idempotency) return {};
  return { person: command.actor.person, route: command.idempotency.route, key: command.idempotency.key };
}

function answered(command: Command, row: AnsweredRow | undefined): ReturnType<typeof answeredBefore> {
  const { person, route, key } = keyOf(command);
  return row && key !== undefined ? answeredBefore(row, { person: person!, route: route!, key }) : null;
}

const hex = (bytes: Buffer): string => `\\x${bytes.toString("hex")}`;
