import type { DataSource } from "typeorm";
import { sqlOf, type Sql } from "../../platform/statement.js";
import { ChainWalk } from "./chain.js";
import { readRecords, type RecordOf } from "./record-rows.js";
import { schemaOf, type Schema } from "./schema.js";

export interface Verification {
  /** How many enrolments. */
  checked: number;
  broken: { enrolment: string; seq: number; fault: string }[];
}

interface Head {
  id: string;
  seq: number;
  lastHash: Buffer;
}

/** A place in the order of the records' key. */
interface Cursor {
  enrolmentId: string;
  seq: number;
}

const FIRST = "00000000-0000-0000-0000-000000000000";
const LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const BEFORE_ALL = -1;
const AFTER_ALL = 2 ** 31 - 1;
const ENROLMENTS_AT_ONCE = 500;
const RECORDS_AT_ONCE = 2000;

/** Runs work that sees the database as of one instant. */
export type InSnapshot = <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;

/**
 * Recomputes the hash chain of one enrolment, or of all, and compares each enrolment's row with its newest record.
 * Memory is bounded: it goes along the tables' keys, and sees each stretch of them as of one instant, so that what is
 * written meanwhile is no fault. Null for an id that nobody has.
 */
export async function verifyHistories(
  inSnapshot: InSnapshot,
  schema: Schema,
  enrolmentId?: string,
): Promise<Verification | null> {
  const found: Verification = { checked: 0, broken: [] };
  const upTo = enrolmentId ?? LAST;
  let from: Cursor | null = { enrolmentId: enrolmentId ?? FIRST, seq: BEFORE_ALL };
  while (from !== null) {
    const start: Cursor = from;
    from = await inSnapshot((sql) => verifyStretch(sql, schema, start, upTo, found));
  }
  return enrolmentId !== undefined && found.checked === 0 ? null : found;
}

/** The same on a database that was opened for nothing else. */
export function verifyChains(dataSource: DataSource, enrolmentId?: string): Promise<Verification | null> {
  const inSnapshot: InSnapshot = (work) => dataSource.transaction("REPEATABLE READ", (manager) => work(sqlOf(manager)));
  return verifyHistories(inSnapshot, schemaOf(dataSource), enrolmentId);
}

/** Gives the place to go on from; null where all up to `upTo` are done. */
async function verifyStretch(
  sql: Sql,
  schema: Schema,
  from: Cursor,
  upTo: string,
  found: Verification,
): Promise<Cursor | null> {
  const heads = await sql.rows<Head>(schema.statements.readHeads, [
    ...[from.enrolmentId, from.seq, upTo, ENROLMENTS_AT_ONCE],
  ]);
  const more = heads.length === ENROLMENTS_AT_ONCE;
  const last = more ? heads.at(-1)!.id : upTo;
  const unseen = new Map(heads.map((head) => [head.id, head]));
  const end = (walk: ChainWalk): void => {
    const faults = walk.end(unseen.get(walk.enrolmentId) ?? null);
    unseen.delete(walk.enrolmentId);
    found.checked += 1;
    found.broken.push(...faults.map(({ seq, fault }) => ({ enrolment: walk.enrolmentId, seq, fault })));
  };
  let walk: ChainWalk | undefined;
  for await (const { enrolmentId, record } of recordsBetween(sql, schema, from, last)) {
    if (walk?.enrolmentId !== enrolmentId) {
      if (walk) end(walk);
      walk = new ChainWalk(enrolmentId);
    }
    walk.take(record);
  }
  if (walk) end(walk);
  for (const id of unseen.keys()) end(new ChainWalk(id));
  return more ? { enrolmentId: last, seq: AFTER_ALL } : null;
}

async function* recordsBetween(sql: Sql, schema: Schema, from: Cursor, upTo: string): AsyncGenerator<RecordOf> {
  let after = from;
  for (;;) {
    const page = await readRecords(sql, schema, after, upTo, RECORDS_AT_ONCE);
    yield* page;
    if (page.length < RECORDS_AT_ONCE) return;
    const { enrolmentId, record } = page.at(-1)!;
    after = { enrolmentId, seq: record.seq };
  }
}
