import type { Sql } from "../../platform/statement.js";
import type { RevealedRecord } from "../model/records.js";
import type { PatientVault } from "./patient-vault.js";
import { recordOf } from "./record-codec.js";
import { readHistory } from "./record-rows.js";
import type { Schema } from "./schema.js";
import { SealedPatient } from "./sealed-patient.js";
import type { Columns } from "./table.js";

/** At most `limit` records after `after`, oldest first; null for an id that nobody has. */
export async function readRevealed(
  sql: Sql,
  schema: Schema,
  vault: PatientVault,
  enrolmentId: string,
  page: { after: number; limit: number },
): Promise<RevealedRecord[] | null> {
  const [row] = await sql.rows<Columns>(schema.statements.readPatientOf, [enrolmentId]);
  if (!row) return null;
  const patient = new SealedPatient(vault, schema.patient.read(row));
  const records = await readHistory(sql, schema, enrolmentId, page);
  return records.map((stored) => {
    const { seq, sealed, cut, hash, previousHash } = stored;
    const texts = sealed && patient.revealRecord(enrolmentId, seq, sealed);
    return { record: recordOf(stored), texts: { isSealed: sealed !== null, cut, texts }, hash, previousHash };
  });
}
