import type { EntityManager } from "typeorm";
import type { StoredRecord } from "./chain.js";
import { READ_RECORDS } from "./load-statements.js";
import { run } from "../../platform/statement.js";

interface RecordRow {
  enrolment_id: string;
  seq: number;
  kind: StoredRecord["kind"];
  type: string;
  occurred_at: number | null;
  occurred_on: string | null;
  recorded_at: number;
  by: string | null;
  role: StoredRecord["role"];
  performer: string | null;
  source_system: string | null;
  source_id: string | null;
  data: StoredRecord["data"];
  sealed: Buffer | null;
  corrects: number | null;
  state_before: StoredRecord["stateBefore"];
  state_after: StoredRecord["stateAfter"];
  because: StoredRecord["because"];
  detail: StoredRecord["detail"];
  previous_hash: Buffer;
  hash: Buffer;
}

export interface RecordOf {
  enrolmentId: string;
  record: StoredRecord;
}

/** One enrolment's history, oldest first: at most `limit` records after `after`. */
export async function readHistory(
  manager: EntityManager,
  enrolmentId: string,
  { after, limit }: { after: number; limit: number },
): Promise<StoredRecord[]> {
  const page = await readRecords(manager, { enrolmentId, seq: after }, enrolmentId, limit);
  return page.map(({ record }) => record);
}

/** At most `limit` records after a given one, up to an enrolment, in order of (enrolment, `seq`). */
export async function readRecords(
  manager: EntityManager,
  after: { enrolmentId: string; seq: number },
  upTo: string,
  limit: number,
): Promise<RecordOf[]> {
  const rows = await run<RecordRow>(manager, READ_RECORDS, [after.enrolmentId, after.seq, upTo, limit]);
  return rows.map((row) => ({ enrolmentId: row.enrolment_id, record: recordOf(row) }));
}

function recordOf(row: RecordRow): StoredRecord {
  return {
    seq: row.seq,
    kind: row.kind,
    type: row.type,
    occurredAt: row.occurred_on ?? row.occurred_at,
    recordedAt: row.recorded_at,
    by: row.by,
    role: row.role,
    performer: row.performer,
    source: row.source_id === null ? null : { system: row.source_system!, id: row.source_id },
    data: row.data,
    sealed: row.sealed,
    corrects: row.corrects,
    stateBefore: row.state_before,
    stateAfter: row.state_after,
    because: row.because,
    detail: row.detail,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
