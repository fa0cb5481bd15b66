import type { Identifier } from "../model/commands.js";
import type { PatientChange, Write } from "../model/decision.js";
import type { Loaded } from "../model/loaded.js";
import { GENESIS, recordHash } from "./chain.js";
import type { PatientVault } from "./patient-vault.js";
import { storedForm, type StoredRecord } from "./record-codec.js";
import type { Head } from "./rows.js";

/** The personal part of a patient's row as it is stored. */
export interface SealedPatientChange {
  id: string;
  isNew: boolean;
  personId: string;
  wrappedKey: Buffer;
  sealed: Buffer;
  identifiers: Buffer[];
  tokens: Buffer[];
}

/** What a decision writes, with nothing personal left in the clear and every record chained to the one before. */
export interface SealedWrite {
  loaded: Loaded;
  write: Write;
  records: StoredRecord[];
  head: Head;
  patient: SealedPatientChange | null;
}

export function sealWrite(vault: PatientVault, loaded: Loaded, write: Write): SealedWrite {
  const keys = new PatientKeys(vault, loaded, write.patient);
  const records = chained(vault, loaded, write, keys);
  const { seq, hash: lastHash, recordedAt: lastRecordedAt } = records.at(-1)!;
  const head = { seq, lastHash, lastRecordedAt };
  return { loaded, write, records, head, patient: write.patient && sealedPatient(vault, write.patient, keys) };
}

/** Patients as a decision about persons leaves them. */
export function sealPatients(vault: PatientVault, loaded: Loaded, changes: readonly PatientChange[]) {
  const keys = new PatientKeys(vault, loaded, null);
  return changes.map((change) => sealedPatient(vault, change, keys));
}

/** The keys of the patients whom a decision concerns, made for a new one and unwrapped where they are needed. */
class PatientKeys {
  private readonly opened = new Map<string, { key: Buffer; wrapped: Buffer }>();

  constructor(
    private readonly vault: PatientVault,
    private readonly loaded: Loaded,
    private readonly change: PatientChange | null,
  ) {}

  open(id: string): { key: Buffer; wrapped: Buffer } {
    let key = this.opened.get(id);
    if (!key) {
      key = this.change?.isNew && this.change.id === id ? this.vault.newKey(id) : this.unwrapped(id);
      this.opened.set(id, key);
    }
    return key;
  }

  private unwrapped(id: string): { key: Buffer; wrapped: Buffer } {
    const { enrolment, matches, persons } = this.loaded;
    const known = [
      ...[enrolment?.patient, enrolment?.person],
      ...matches.map(({ patient }) => patient),
      ...(persons?.patients ?? []),
    ];
    const wrapped = known.find((patient) => patient?.id === id)?.wrappedKey;
    if (!wrapped) throw new Error(`Nothing can be sealed for patient ${id}: there is no key.`);
    return { key: this.vault.unwrapKey(id, wrapped), wrapped };
  }
}

function chained(vault: PatientVault, loaded: Loaded, write: Write, keys: PatientKeys): StoredRecord[] {
  const { id, patientId } = write.enrolment;
  let seq = write.isNew ? 0 : loaded.enrolment!.seq;
  let hash = write.isNew ? GENESIS : loaded.enrolment!.lastHash;
  return write.records.map(({ personal, ...record }) => {
    seq += 1;
    if (record.seq !== seq) throw new Error(`Record ${record.seq} of enrolment ${id} must be number ${seq}.`);
    const stored = storedForm(record, personal && vault.sealRecord(keys.open(patientId).key, id, seq, personal));
    const previousHash = hash;
    hash = recordHash(id, stored, previousHash);
    return { ...stored, previousHash, hash };
  });
}

function sealedPatient(vault: PatientVault, patient: PatientChange, keys: PatientKeys): SealedPatientChange {
  const { key, wrapped } = keys.open(patient.id);
  return {
    id: patient.id,
    isNew: patient.isNew,
    personId: patient.personId,
    wrappedKey: wrapped,
    sealed: vault.sealPatient(key, patient.id, patient.personal),
    identifiers: identifierHashesOf(vault, patient),
    tokens: tokensOf(vault, patient),
  };
}

type Kept = Pick<PatientChange, "id" | "personId" | "personal">;

/** A record that another one stands for has given its identifiers to that one. */
function identifiersOf({ id, personId, personal }: Kept): Identifier[] {
  return personId === id ? personal.identifiers : [];
}

/** What makes its identifiers unique. */
export function identifierHashesOf(vault: PatientVault, record: Kept): Buffer[] {
  return distinct(identifiersOf(record).map((identifier) => vault.identifierHash(identifier)));
}

/** What a record is found by: all that it says, while the identifiers are its own. */
export function tokensOf(vault: PatientVault, record: Kept): Buffer[] {
  return distinct(vault.tokenHashes({ ...record.personal, identifiers: identifiersOf(record) }));
}

function distinct(hashes: readonly Buffer[]): Buffer[] {
  return [...new Map(hashes.map((hash) => [hash.toString("base64"), hash])).values()];
}
