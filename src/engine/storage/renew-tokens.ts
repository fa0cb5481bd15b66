import type { DataSource } from "typeorm";
import { UnsealError } from "../../platform/sealing.js";
import { sqlOf, type Sql } from "../../platform/statement.js";
import type { PatientInput } from "../model/commands.js";
import { TOKEN_SCHEME } from "../model/patient-tokens.js";
import type { PatientVault } from "./patient-vault.js";
import { tokensOf } from "./seal.js";
import { schemaOf, type Schema } from "./schema.js";
import { SealedPatient } from "./sealed-patient.js";

interface LockedRow {
  id: string;
  person_id: string;
  wrapped_key: Buffer;
  sealed: Buffer;
}

const FIRST = "00000000-0000-0000-0000-000000000000";
const PATIENTS_AT_ONCE = 200;

/**
 * Gives patients whose tokens an older scheme made those of the present one, batch by batch, and tells how many. Several
 * processes may do it at once: each patient is renewed under the lock of the row, by whoever comes first.
 */
export async function renewTokens(dataSource: DataSource, vault: PatientVault, atOnce = PATIENTS_AT_ONCE) {
  const schema = schemaOf(dataSource);
  let renewed = 0;
  for (let after: string | undefined = FIRST; after !== undefined;) {
    const from: string = after;
    const batch = await dataSource.transaction((manager) => renewSome(sqlOf(manager), schema, vault, from, atOnce));
    renewed += batch.renewed;
    after = batch.rows.length < atOnce ? undefined : batch.rows.at(-1)!.id;
  }
  return renewed;
}

async function renewSome(sql: Sql, schema: Schema, vault: PatientVault, after: string, limit: number) {
  const { token, statements } = schema;
  const rows = await sql.rows<LockedRow>(statements.lockOldTokens, [TOKEN_SCHEME, after, limit]);
  const opened = rows.flatMap((row) => {
    const personal = open(vault, row);
    return personal ? [{ id: row.id, tokens: tokensOf(vault, { id: row.id, personId: row.person_id, personal }) }] : [];
  });
  if (opened.length === 0) return { rows, renewed: 0 };
  await sql.rows(statements.forgetTokens, [opened.map(({ id }) => id), TOKEN_SCHEME]);
  const added = opened.flatMap(({ id, tokens }) => tokens.map((hash) => token.encode({ hash, patientId: id })));
  await sql.rows(statements.addTokens, [JSON.stringify(added)]);
  return { rows, renewed: opened.length };
}

/** Null for one that cannot be opened: it keeps what it has, and holds up nobody's start. */
function open(
  vault: PatientVault,
  { id, person_id: personId, wrapped_key: wrappedKey, sealed }: LockedRow,
): PatientInput | null {
  try {
    return new SealedPatient(vault, { id, personId, wrappedKey, sealed }).reveal();
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
