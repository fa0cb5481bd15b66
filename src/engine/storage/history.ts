import type { EntityManager } from "typeorm";
import type { JsonObject } from "../../core/index.js";
import type { StoredRecord } from "./chain.js";
import { type PatientRow, SealedPatient } from "./loaded-rows.js";
import type { PatientVault } from "./patient-vault.js";
import { readHistory } from "./record-rows.js";
import { run, type Statement } from "../../platform/statement.js";

const READ_PATIENT_OF: Statement = {
  name: "pathkeeper-read-patient-of",
  text: `
SELECT p.id, p.wrapped_key, p.sealed FROM enrolment e JOIN patient p ON p.id = e.patient_id WHERE e.id = $1::uuid`,
};

export interface RevealedRecord extends StoredRecord {
  /** The free texts, by JSON pointer; null where there are none or the key is destroyed. */
  personal: JsonObject | null;
}

/** Reads histories as people see them. */
export class HistoryReader {
  constructor(private readonly vault: PatientVault) {}

  /** At most `limit` records after `after`, oldest first; null for an id that nobody has. */
  async read(
    manager: EntityManager,
    enrolmentId: string,
    page: { after: number; limit: number },
  ): Promise<RevealedRecord[] | null> {
    const [row] = await run<PatientRow>(manager, READ_PATIENT_OF, [enrolmentId]);
    if (!row) return null;
    const patient = new SealedPatient(this.vault, row);
    const records = await readHistory(manager, enrolmentId, page);
    return records.map((record) => ({
      ...record,
      personal: record.sealed && patient.revealRecord(enrolmentId, record.seq, record.sealed),
    }));
  }
}
