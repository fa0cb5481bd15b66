import { wantedNames } from "../model/patient-tokens.js";
import type { PatientVault } from "./patient-vault.js";
import type { Sql, Statement } from "../../platform/statement.js";

/** A part of a date, as far as somebody may know it. */
const BIRTH_DATE = /^\d{4}(-\d\d){0,2}$/;

const FIND_BY_TOKENS: Statement = {
  name: "pathkeeper-find-by-tokens",
  text: `
SELECT token.person_id AS id FROM unnest($1::bytea[], $2::int[]) AS wanted (hash, term)
CROSS JOIN LATERAL (
  SELECT p.person_id FROM (SELECT patient_id FROM patient_token WHERE hash = wanted.hash OFFSET 0) t
  CROSS JOIN LATERAL (SELECT person_id FROM patient WHERE id = t.patient_id LIMIT 1) p) token
GROUP BY token.person_id HAVING count(DISTINCT wanted.term) = $3
UNION
SELECT p.person_id FROM patient_token t JOIN patient p ON p.id = t.patient_id WHERE t.hash = ANY($4::bytea[])`,
};

/**
 * Persons whom a text fits, by the records that stand for them: words of the names and birth dates, all of which must fit, or the value of an identifier.
 * Only whole words can be found, since nothing but their keyed hashes is stored.
 */
export async function searchPatients(sql: Sql, vault: PatientVault, text: string): Promise<string[]> {
  const terms = text.split(/\s+/).filter(Boolean);
  const [dates, names] = [terms.filter(isBirthDate), terms.filter((term) => !isBirthDate(term))];
  const wanted = [
    ...dates.map((date) => vault.bornHashes(date)),
    ...wantedNames(names).map((texts) => texts.map((name) => vault.nameHash(name))),
  ];
  const rows = await sql.rows<{ id: string }>(FIND_BY_TOKENS, [
    wanted.flat(),
    wanted.flatMap((hashes, term) => hashes.map(() => term)),
    ...[wanted.length, vault.identifierValueHashes(text)],
  ]);
  return rows.map(({ id }) => id);
}

function isBirthDate(term: string): boolean {
  return BIRTH_DATE.test(term);
}
