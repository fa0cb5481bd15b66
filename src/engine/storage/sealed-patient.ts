import type { JsonObject } from "../../core/index.js";
import type { PatientInput } from "../model/commands.js";
import type { LoadedPatient } from "../model/loaded.js";
import type { PatientVault } from "./patient-vault.js";

export interface SealedPatientRow {
  id: string;
  personId: string;
  wrappedKey: Buffer | null;
  sealed: Buffer;
}

/** Opens nothing before it is asked: most commands never look at a text. Its keys show in no log and no JSON. */
export class SealedPatient implements LoadedPatient {
  readonly id: string;
  readonly personId: string;
  readonly wrappedKey: Buffer | null;
  readonly #vault: PatientVault;
  readonly #sealed: Buffer;
  #key: Buffer | undefined;

  constructor(vault: PatientVault, row: SealedPatientRow) {
    this.id = row.id;
    this.personId = row.personId;
    this.wrappedKey = row.wrappedKey;
    this.#vault = vault;
    this.#sealed = row.sealed;
  }

  reveal(): PatientInput | null {
    const key = this.#open();
    return key && this.#vault.unsealPatient(key, this.id, this.#sealed);
  }

  revealRecord(enrolmentId: string, seq: number, sealed: Buffer): JsonObject | null {
    const key = this.#open();
    return key && this.#vault.unsealRecord(key, enrolmentId, seq, sealed);
  }

  #open(): Buffer | null {
    if (this.wrappedKey === null) return null;
    return (this.#key ??= this.#vault.unwrapKey(this.id, this.wrappedKey));
  }
}
