import { nameTokens } from "../model/patient-tokens.js";
import type { PatientVault } from "./patient-vault.js";
import type { Sql, Statement } from "../../platform/statement.js";

/** A part of a date, as far as somebody may know it. */
const BIRTH_DATE = /^\d{4}(-\d\d){0,2}$/;

const FIND_BY_TOKENS: Statement = {
  name: "pathkeeper-find-by-tokens",
  text: `
SELECT patient_id AS id FROM patient_token WHERE hash = ANY($1::bytea[])
GROUP BY patient_id HAVING count(*) = cardinality($1::bytea[])
UNION
SELECT patient_id FROM patient_token WHERE hash = ANY($2::bytea[])`,
};

/**
 * Patients whom a text fits: words of the names and birth dates, all of which must fit, or the value of an identifier.
 * Only whole words can be found, since nothing but their keyed hashes is stored.
 */
export async function searchPatients(sql: Sql, vault: PatientVault, text: string): Promise<string[]> {
  const hashes = text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((term) =>
      BIRTH_DATE.test(term) ? [vault.birthDateHash(term)] : nameTokens(term).map((word) => vault.nameHash(word)),
    );
  const distinct = [...new Map(hashes.map((hash) => [hash.toString("hex"), hash])).values()];
  const rows = await sql.rows<{ id: string }>(FIND_BY_TOKENS, [distinct, vault.identifierValueHashes(text)]);
  return rows.map(({ id }) => id);
}
