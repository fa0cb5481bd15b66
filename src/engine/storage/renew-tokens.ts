import type { DataSource } from "typeorm";
import { UnsealError } from "../../platform/sealing.js";
import { sqlOf, type Sql } from "../../platform/statement.js";
import type { PatientInput } from "../model/commands.js";
import { TOKEN_SCHEME } from "../model/patient-tokens.js";
import type { PatientVault } from "./patient-vault.js";
import { identifierHashesOf, tokensOf } from "./seal.js";
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
 * Gives patients whose tokens an older scheme made those of the present one, and files them under the present forms of
 * their identifiers as well, batch by batch, and tells how many. Several
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
  const { token, identifier, statements } = schema;
  const rows = await sql.rows<LockedRow>(statements.lockOldTokens, [TOKEN_SCHEME, after, limit]);
  const opened = rows.flatMap((row) => {
    const personal = open(vault, row);
    const { id, person_id: personId } = row;
    return personal ? [{ id, personId, personal }] : [];
  });
  if (opened.length === 0) return { rows, renewed: 0 };
  await sql.rows(statements.forgetTokens, [opened.map(({ id }) => id), TOKEN_SCHEME]);
  const tokens = opened.flatMap((one) => tokensOf(vault, one).map((hash) => token.encode({ hash, patientId: one.id })));
  const identifiers = opened.flatMap((one) =>
    identifierHashesOf(vault, one).map((hash) => identifier.encode({ hash, patientId: one.id })),
  );
  await sql.rows(statements.addTokens, [JSON.stringify(tokens), JSON.stringify(identifiers)]);
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
