import type { Instant } from "../../core/index.js";
import type { Sql } from "../../platform/statement.js";
import type { HistoryRecord } from "../model/records.js";
import { recordOf, storedRecordOf, type StoredRecord } from "./record-codec.js";
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

/** What a part of a history tells of tasks, oldest first, and one more record of it where `also` names one. */
export async function readTaskRecords(
  sql: Sql,
  schema: Schema,
  enrolmentId: string,
  { after = 0, upTo }: { after?: number; upTo: number },
  also: number | null = null,
): Promise<HistoryRecord[]> {
  const rows = await sql.rows<Columns>(schema.statements.readTaskRecords, [enrolmentId, after, upTo, also]);
  return rows.map((row) => recordOf(storedRecordOf(schema.record.read(row))));
}

/** The newest record that was known at an instant; 0 where none was. */
export async function readSeqAt(sql: Sql, schema: Schema, enrolmentId: string, known: Instant): Promise<number> {
  const [newest] = await sql.rows<{ seq: number }>(schema.statements.readSeqAt, [enrolmentId, known]);
  return newest?.seq ?? 0;
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
