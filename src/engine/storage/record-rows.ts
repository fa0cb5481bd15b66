import type { Sql } from "../../platform/statement.js";
import { storedRecordOf, type StoredRecord } from "./record-codec.js";
import type { Columns } from "./table.js";
import type { Schema } from "./schema.js";

export interface RecordOf {
  enrolmentId: string;
  record: StoredRecord;
}

/** One enrolment's history, oldest first: at most `limit` records after `after`. */
export async function readHistory(
  sql: Sql,
  schema: Schema,
  enrolmentId: string,
  { after, limit }: { after: number; limit: number },
): Promise<StoredRecord[]> {
  const page = await readRecords(sql, schema, { enrolmentId, seq: after }, enrolmentId, limit);
  return page.map(({ record }) => record);
}

/** At most `limit` records after a given one, up to an enrolment, in order of (enrolment, `seq`). */
export async function readRecords(
  sql: Sql,
  schema: Schema,
  after: { enrolmentId: string; seq: number },
  upTo: string,
  limit: number,
): Promise<RecordOf[]> {
  const rows = await sql.rows<Columns>(schema.statements.readRecords, [after.enrolmentId, after.seq, upTo, limit]);
  return rows.map((row) => {
    const entity = schema.record.read(row);
    return { enrolmentId: entity.enrolmentId, record: storedRecordOf(entity) };
  });
}
