import { Injectable } from "@nestjs/common";
import { PatientVault, searchPatients } from "../engine/index.js";
import type { Sql, Statement } from "../platform/statement.js";
import type { SealedPatientRow } from "../reads/index.js";
import type { PatientAnswer } from "./patient.schemas.js";

const READ: Statement = {
  name: "pathkeeper-patients",
  text: `select id, wrapped_key, sealed from patient where id = any ($1::uuid[])`,
};

/** Opens personal data for those who may read it: callers have been judged before they come here. */
@Injectable()
export class PatientReader {
  constructor(private readonly vault: PatientVault) {}

  async read(sql: Sql, ids: readonly string[]): Promise<Map<string, PatientAnswer>> {
    return this.openAll(await sql.rows<SealedPatientRow>(READ, [[...new Set(ids)]]));
  }

  /** The patients whom names, a birth date or an identifier's value fit. */
  find(sql: Sql, q: string): Promise<string[]> {
    return searchPatients(sql, this.vault, q);
  }

  open({ id, wrapped_key, sealed }: SealedPatientRow): PatientAnswer {
    if (!wrapped_key) return { id, erased: true };
    return { id, ...this.vault.unsealPatient(this.vault.unwrapKey(id, wrapped_key), id, sealed) };
  }

  /** Each patient once, in however many rows. */
  openAll(rows: readonly SealedPatientRow[]): Map<string, PatientAnswer> {
    const patients = new Map<string, PatientAnswer>();
    for (const row of rows) if (!patients.has(row.id)) patients.set(row.id, this.open(row));
    return patients;
  }
}
