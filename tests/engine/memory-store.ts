/**
 * Enrolments in memory, for thousands of commands in seconds: what PostgreSQL does for the engine, and what it guards.
 * One group is one transaction: rows are locked until its end, everything or nothing of it is written, and what breaks a
 * unique key undoes the whole of it (23505). Personal data is sealed and records are chained as in the database.
 */
import type { Command, Enrol, AmendPatient } from "../../src/engine/model/commands.js";
import { isAboutPersons, isKeyed, namedIdentifiers } from "../../src/engine/model/commands.js";
import { add, grow, type Growing } from "../../src/engine/model/grow.js";
import type { Kept, Loaded, LoadedEnrolment, LoadedPatient, Stay } from "../../src/engine/model/loaded.js";
import { entryOf } from "../../src/engine/model/loaded.js";
import { tasksInOrder, timersInOrder } from "../../src/engine/model/row-order.js";
import type { IdempotencyRow } from "../../src/engine/model/rows.js";
import { recordOf, type StoredRecord } from "../../src/engine/storage/record-codec.js";
import { ChainWalk, type ChainFault } from "../../src/engine/storage/chain.js";
import type { PatientVault } from "../../src/engine/storage/patient-vault.js";
import { sealWrite, type SealedPatientChange, type SealedWrite } from "../../src/engine/storage/seal.js";
import { SealedPatient, type SealedPatientRow } from "../../src/engine/storage/sealed-patient.js";
import type { Decide, Store } from "../../src/engine/store.js";

interface Tables {
  enrolments: Map<string, Kept>;
  records: Map<string, readonly StoredRecord[]>;
  patients: Map<string, SealedPatientRow>;
  /** Whose an identifier is, by its keyed hash. */
  identifiers: Map<string, string>;
  keys: Map<string, IdempotencyRow>;
}

interface Found {
  answered: IdempotencyRow | null;
  matches: { patientId: string; stays: Stay[] }[];
}

export class MemoryStore implements Store {
  private tables: Tables = {
    ...{ enrolments: new Map(), records: new Map(), patients: new Map() },
    ...{ identifiers: new Map(), keys: new Map() },
  };
  /** Rows under a lock, each with those who wait for it. */
  private readonly locks = new Map<string, (() => void)[]>();
  /** The sizes of all groups so far. */
  readonly groups: number[] = [];
  /** Thrown by the commits to come, one each, when nothing is written yet or when all is; null: this one goes well. */
  readonly troubles: ({ when: "before" | "after"; error: unknown } | null)[] = [];

  constructor(
    private readonly vault: PatientVault,
    /** `afresh`: every load is made from what lies in the tables, as a process does that keeps nothing. */
    private readonly reading: "kept" | "afresh" = "kept",
  ) {}

  async commit(
    commands: readonly Command[],
    { wait }: { wait: boolean },
    decide: Decide,
  ): Promise<ReadonlyMap<number, unknown>> {
    this.groups.push(commands.length);
    const held: string[] = [];
    try {
      const loaded = await this.load(commands, wait, held);
      const decisions = await decide(loaded);
      const failed = new Map<number, unknown>();
      const writes: SealedWrite[] = [];
      const keys: IdempotencyRow[] = [];
      for (const [index, decision] of decisions.entries()) {
        try {
          if (decision?.write) writes.push(sealWrite(this.vault, loaded[index]!, decision.write));
          const key = decision?.write?.idempotency ?? decision?.remember;
          if (key) keys.push(key);
        } catch (error) {
          failed.set(index, error);
        }
      }
      const trouble = this.troubles.shift();
      if (trouble?.when === "before") throw trouble.error;
      this.write(writes, keys);
      if (trouble) throw trouble.error;
      return failed;
    } finally {
      for (const row of held) this.unlock(row);
    }
  }

  /** Somebody else's lock on an enrolment or a patient; gives what lets go of it. */
  hold(id: string): () => void {
    if (this.locks.has(id)) throw new Error(`${id} is held already.`);
    this.locks.set(id, []);
    return () => this.unlock(id);
  }

  get enrolmentIds(): string[] {
    return [...this.tables.enrolments.keys()];
  }

  /** As the engine has kept it. */
  kept(id: string): Kept {
    return this.tables.enrolments.get(id)!;
  }

  /** The same made anew from what lies in the tables. */
  readAfresh(id: string): Kept {
    const { row, seq, lastHash, lastRecordedAt, tasks, timers } = this.kept(id);
    const history: Growing = { entries: [], entryBytes: 0, firings: [], pins: [] };
    for (const record of this.records(id)) add(history, id, { record: recordOf(record), sealed: record.sealed });
    // A table has no order.
    const rows = revived({ row, tasks: [...tasks].reverse(), timers: [...timers].reverse() });
    const inOrder = { tasks: tasksInOrder(rows.tasks), timers: timersInOrder(rows.timers) };
    return { ...history, ...rows, ...inOrder, seq, lastHash, lastRecordedAt, position: null };
  }

  /** The history, oldest first. */
  records(id: string): readonly StoredRecord[] {
    return (this.tables.records.get(id) ?? []).map(revivedRecord);
  }

  /** Records after `seq`. */
  newer(id: string, seq: number): readonly StoredRecord[] {
    return (this.tables.records.get(id) ?? []).slice(seq);
  }

  /** When each record was written. */
  recordedAt(id: string): number[] {
    return (this.tables.records.get(id) ?? []).map(({ recordedAt }) => recordedAt);
  }

  verifyChain(id: string): ChainFault[] {
    const walk = new ChainWalk(id);
    for (const record of this.records(id)) walk.take(record);
    return walk.end(this.kept(id));
  }

  /** What an enrolment is loaded as, without a lock. */
  read(id: string): LoadedEnrolment {
    return this.loaded(id, null);
  }

  private async load(commands: readonly Command[], wait: boolean, held: string[]): Promise<(Loaded | null)[]> {
    refuseMeetings(commands);
    const found = commands.map((command) => (namesPatient(command) ? this.find(command) : null));
    const wanted = commands.map((command, n) =>
      command.kind === "enrol" ? (found[n]!.answered?.enrolmentId ?? null) : enrolmentOf(command),
    );
    const locked = await this.lock([...new Set(wanted)].flatMap((id) => id ?? []).sort(), wait, held);
    const patientsOf = (n: number): string[] => {
      const own = wanted[n] !== null && locked.has(wanted[n]!) ? this.tables.enrolments.get(wanted[n]!) : undefined;
      return [...(own ? [own.row.patientId] : []), ...found[n]!.matches.map(({ patientId }) => patientId)];
    };
    const named = commands.flatMap((command, n) => (namesPatient(command) ? patientsOf(n) : []));
    const patients = await this.lock([...new Set(named)].sort(), wait, held);
    return commands.map((command, n): Loaded | null => {
      const id = wanted[n]!;
      const enrolment =
        id !== null && locked.has(id) && this.tables.enrolments.has(id) ? this.loaded(id, command) : null;
      const matches = (found[n]?.matches ?? []).filter(({ patientId }) => patients.has(patientId));
      const isHeld = (id !== null && !enrolment) || matches.length < (found[n]?.matches.length ?? 0);
      if (isHeld && !wait) return null;
      const idempotency = this.idempotency(command, found[n] ?? null);
      const before = idempotency?.found;
      return {
        ...{ enrolment, idempotency },
        // What patients are searched for by is not kept here.
        alike: [],
        matches: matches.map(({ patientId, stays }) => ({ patient: this.patient(patientId), stays })),
        replayed: before
          ? this.records(before.enrolmentId ?? "")
              .slice(0, before.seq)
              .map(recordOf)
          : null,
      };
    });
  }

  private find(command: Enrol | AmendPatient): Found {
    const owners = namedIdentifiers(command).map((identifier) => this.tables.identifiers.get(this.hashOf(identifier)));
    const stays = (patientId: string): Stay[] =>
      command.kind === "enrol" ? this.stays({ patientId, pathwayId: command.pathway }) : [];
    const matches = [...new Set(owners.flatMap((id) => id ?? []))].sort();
    return {
      answered: this.idempotency(command, null)?.found ?? null,
      matches: matches.map((patientId) => ({ patientId, stays: stays(patientId) })),
    };
  }

  private loaded(id: string, command: Command | null): LoadedEnrolment {
    const kept = this.reading === "afresh" ? this.readAfresh(id) : this.kept(id);
    const patient = this.patient(kept.row.patientId);
    return {
      ...kept,
      ...{ kept, patient, person: patient, elsewhere: command?.kind === "correct" ? this.elsewhere(kept) : [] },
      reveal: (seq) => {
        const { cut = null, sealed = null } = entryOf(kept, seq) ?? {};
        return { isSealed: sealed !== null, cut, texts: sealed && patient.revealRecord(id, seq, sealed) };
      },
    };
  }

  private patient(id: string): LoadedPatient & SealedPatient {
    return new SealedPatient(this.vault, this.tables.patients.get(id)!);
  }

  private elsewhere({ row }: Kept): Stay[] {
    const all = this.stays({ patientId: row.patientId, pathwayId: row.pathway.id });
    return all.filter(({ enrolmentId }) => enrolmentId !== row.id);
  }

  private stays({ patientId, pathwayId }: { patientId: string; pathwayId: string }): Stay[] {
    return [...this.tables.enrolments.values()]
      .filter(({ row }) => row.patientId === patientId && row.pathway.id === pathwayId)
      .map(({ row }) => ({ enrolmentId: row.id, from: row.enrolledAt, until: row.stored.exit?.at ?? null }))
      .sort((a, b) => a.from - b.from || (a.enrolmentId < b.enrolmentId ? -1 : 1));
  }

  private idempotency(command: Command, found: Found | null): Loaded["idempotency"] {
    if (!isKeyed(command) || !command.idempotency) return null;
    const { route, key, request } = command.idempotency;
    // Who enrols looks the key up before anything is locked.
    const answered =
      command.kind === "enrol" && found
        ? found.answered
        : (this.tables.keys.get(keyOf({ person: command.actor.person, route, key })) ?? null);
    return { requestHash: this.vault.requestHash(request), found: answered };
  }

  /** Everything or nothing; nobody sees a part of it. */
  private write(writes: readonly SealedWrite[], keys: readonly IdempotencyRow[]): void {
    const { enrolments, records, patients, identifiers, keys: answered } = this.tables;
    const next: Tables = {
      ...{ enrolments: new Map(enrolments), records: new Map(records), patients: new Map(patients) },
      ...{ identifiers: new Map(identifiers), keys: new Map(answered) },
    };
    const changed = writes.flatMap(({ patient }) => patient ?? []);
    if (new Set(changed.map(({ id }) => id)).size < changed.length) throw databaseError("21000", "patient");
    for (const patient of changed) this.writePatient(next, patient);
    for (const sealed of writes) writeEnrolment(next, sealed);
    for (const key of keys) {
      const name = keyOf(key);
      if (next.keys.has(name)) throw uniqueViolation("idempotency_key");
      next.keys.set(name, revived(key, { requestHash: key.requestHash }));
    }
    this.tables = next;
  }

  private writePatient({ patients, identifiers }: Tables, { id, isNew, ...change }: SealedPatientChange): void {
    if (isNew && patients.has(id)) throw uniqueViolation("patient");
    for (const [hash, owner] of identifiers) if (owner === id) identifiers.delete(hash);
    for (const hash of change.identifiers.map((each) => each.toString("hex"))) {
      if (identifiers.has(hash)) throw uniqueViolation("patient_identifier");
      identifiers.set(hash, id);
    }
    patients.set(id, { id, personId: change.personId, wrappedKey: change.wrappedKey, sealed: change.sealed });
  }

  private hashOf(identifier: { system: string; value: string }): string {
    return this.vault.identifierHash(identifier).toString("hex");
  }

  /** Gives those that are locked now; without `wait`, what somebody else holds is passed over. */
  private async lock(ids: readonly string[], wait: boolean, held: string[]): Promise<Set<string>> {
    const locked = new Set<string>();
    for (const id of ids) {
      while (wait && this.locks.has(id)) await new Promise<void>((resolve) => this.locks.get(id)!.push(resolve));
      if (this.locks.has(id)) continue;
      this.locks.set(id, []);
      held.push(id);
      locked.add(id);
    }
    return locked;
  }

  private unlock(id: string): void {
    const waiting = this.locks.get(id) ?? [];
    this.locks.delete(id);
    for (const goOn of waiting) goOn();
  }
}

function writeEnrolment({ enrolments, records }: Tables, { loaded, write, records: stored }: SealedWrite): void {
  const { id } = write.enrolment;
  const before = write.isNew ? undefined : enrolments.get(id);
  if (write.isNew === enrolments.has(id)) throw uniqueViolation("enrolment");
  if (before && before.seq !== loaded.enrolment!.seq) throw uniqueViolation("record");
  const written = stored.map(({ sealed, hash }, place) => ({ record: write.records[place]!, sealed, hash }));
  const kept = grow(write.isNew ? null : loaded.enrolment!.kept, write, written);
  const sources = kept.entries.flatMap(({ source }) => (source ? [JSON.stringify(source)] : []));
  if (new Set(sources).size < sources.length) throw uniqueViolation("record_source");
  for (const other of enrolments.values()) {
    if (other.row.id !== id && kept.row.status !== "exited" && competes(other, kept.row)) {
      throw uniqueViolation("enrolment_one_active");
    }
  }
  enrolments.set(id, kept);
  records.set(id, [...(records.get(id) ?? []), ...stored]);
}

function competes({ row }: Kept, { patientId, pathway }: Kept["row"]): boolean {
  return row.patientId === patientId && row.pathway.id === pathway.id && row.status !== "exited";
}

function uniqueViolation(constraint: string): Error {
  return databaseError("23505", constraint);
}

function databaseError(code: string, where: string): Error {
  return Object.assign(new Error(`Error ${code} of ${where}`), { code });
}

/** Whoever enrols may meet a command on the enrolment that its key made: then it only reads. */
function refuseMeetings(commands: readonly Command[]): void {
  const ids = commands.flatMap((command) => (command.kind === "enrol" ? [] : enrolmentOf(command)));
  if (new Set(ids).size < ids.length) throw new Error("Two commands of one group concern the same enrolment.");
}

/** Persons are for PostgreSQL's own tests. */
function enrolmentOf(command: Exclude<Command, Enrol>): string {
  if (isAboutPersons(command)) throw new Error("Here nobody is joined.");
  return command.enrolmentId;
}

function namesPatient(command: Command): command is Enrol | AmendPatient {
  return command.kind === "enrol" || command.kind === "amendPatient";
}

function keyOf({ person, route, key }: Pick<IdempotencyRow, "person" | "route" | "key">): string {
  return JSON.stringify([person, route, key]);
}

/** As it comes back from the database: through JSON. */
function revived<T extends object>(value: T, buffers: Partial<T> = {}): T {
  return { ...(JSON.parse(JSON.stringify(value)) as T), ...buffers };
}

function revivedRecord(record: StoredRecord): StoredRecord {
  const { sealed, hash, previousHash } = record;
  return revived(record, { sealed, hash, previousHash });
}
