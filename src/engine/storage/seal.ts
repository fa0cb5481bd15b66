import type { Write } from "../model/decision.js";
import type { Loaded } from "../model/loaded.js";
import { GENESIS, recordHash } from "./chain.js";
import type { PatientVault } from "./patient-vault.js";
import { storedForm, type StoredRecord } from "./record-codec.js";
import type { Head } from "./rows.js";

/** The personal part of a patient's row as it is stored. */
export interface SealedPatientChange {
  id: string;
  isNew: boolean;
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
  const keys = new PatientKey(vault, loaded, write);
  const records = chained(vault, loaded, write, keys);
  const { seq, hash: lastHash, recordedAt: lastRecordedAt } = records.at(-1)!;
  const head = { seq, lastHash, lastRecordedAt };
  return { loaded, write, records, head, patient: sealedPatient(vault, write, keys) };
}

/** The key of the patient whom a decision concerns, made where the patient is new and unwrapped where it is needed. */
class PatientKey {
  private opened: { key: Buffer; wrapped: Buffer } | undefined;

  constructor(
    private readonly vault: PatientVault,
    private readonly loaded: Loaded,
    private readonly write: Write,
  ) {}

  open(): { key: Buffer; wrapped: Buffer } {
    return (this.opened ??= this.write.patient?.isNew ? this.vault.newKey(this.write.patient.id) : this.unwrapped());
  }

  private unwrapped(): { key: Buffer; wrapped: Buffer } {
    const id = this.write.enrolment.patientId;
    const known = [this.loaded.enrolment?.patient, ...this.loaded.matches.map(({ patient }) => patient)];
    const wrapped = known.find((patient) => patient?.id === id)?.wrappedKey;
    if (!wrapped) throw new Error(`Nothing can be sealed for patient ${id}: there is no key.`);
    return { key: this.vault.unwrapKey(id, wrapped), wrapped };
  }
}

function chained(vault: PatientVault, loaded: Loaded, write: Write, keys: PatientKey): StoredRecord[] {
  const { id } = write.enrolment;
  let seq = write.isNew ? 0 : loaded.enrolment!.seq;
  let hash = write.isNew ? GENESIS : loaded.enrolment!.lastHash;
  return write.records.map(({ personal, ...record }) => {
    seq += 1;
    if (record.seq !== seq) throw new Error(`Record ${record.seq} of enrolment ${id} must be number ${seq}.`);
    const stored = storedForm(record, personal && vault.sealRecord(keys.open().key, id, seq, personal));
    const previousHash = hash;
    hash = recordHash(id, stored, previousHash);
    return { ...stored, previousHash, hash };
  });
}

function sealedPatient(vault: PatientVault, { patient }: Write, keys: PatientKey): SealedPatientChange | null {
  if (!patient) return null;
  const { key, wrapped } = keys.open();
  return {
    id: patient.id,
    isNew: patient.isNew,
    wrappedKey: wrapped,
    sealed: vault.sealPatient(key, patient.id, patient.personal),
    identifiers: distinct(patient.personal.identifiers.map((identifier) => vault.identifierHash(identifier))),
    tokens: distinct(vault.tokenHashes(patient.personal)),
  };
}

export function distinct(hashes: readonly Buffer[]): Buffer[] {
  return [...new Map(hashes.map((hash) => [hash.toString("base64"), hash])).values()];
}
