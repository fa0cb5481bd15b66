import { formatInstant, type Instant } from "../core/index.js";
import { type Sql, type Statement, statementOf } from "../platform/statement.js";
import type { Arming } from "./timer-jobs.js";

/** Where a page ends: rows are read in order of (due, id). */
export interface Place {
  dueAt: string;
  id: string;
}

export interface Page<T> {
  rows: T[];
  /** Null: this was the last page. */
  next: Place | null;
}

export const START: Place = { dueAt: "-infinity", id: "00000000-0000-0000-0000-000000000000" };

interface Row {
  id: string;
  enrolmentId: string;
  generation: number;
  name: string;
  dueAt: Instant;
  place: string;
}

const PENDING: Statement = {
  name: "pathkeeper-timers-pending",
  text: `
    SELECT t.id, t.enrolment_id AS "enrolmentId", t.generation, e.pathway_id || '/' || t.name AS name,
           t.due_at AS "dueAt", t.due_at::text AS place
      FROM timer t JOIN enrolment e ON e.id = t.enrolment_id
     WHERE t.status = 'pending' AND t.due_at <= coalesce($1::timestamptz, 'infinity')
       AND (t.due_at, t.id) > ($2::timestamptz, $3::uuid)
     ORDER BY t.due_at, t.id LIMIT $4`,
};

/** Pending timers due by an instant, as the bells that ought to be rung for them. */
export async function pendingTimers(
  sql: Sql,
  until: Instant | null,
  from: Place,
  limit: number,
): Promise<Page<Arming>> {
  const values = [until === null ? null : formatInstant(until), from.dueAt, from.id, limit];
  const rows = await sql.rows<Row>(PENDING, values);
  return {
    rows: rows.map(({ id, place: _, ...row }) => ({ timerId: id, ...row })),
    next: nextPlace(rows, limit),
  };
}

/**
 * All enrolments, in so many shares of about one size. A sweeper claims whole shares, so that any number of overdue
 * timers needs no more locks than these.
 */
const SHARES = 16;
const SHARE = `(uuid_hash(enrolment_id) & ${SHARES - 1})`;
const OVERDUE = `status = 'pending' AND due_at < pathkeeper_now() - $1 * interval '1 millisecond'`;

const OVERDUE_SHARES = statementOf(`SELECT DISTINCT ${SHARE} AS share FROM timer WHERE ${OVERDUE}`);

/** Shares with timers overdue by more than the grace, by the database's clock. */
export async function overdueShares(sql: Sql, graceMs: number): Promise<number[]> {
  const rows = await sql.rows<{ share: number }>(OVERDUE_SHARES, [graceMs]);
  return rows.map(({ share }) => share);
}

/** Sorts advisory locks of the sweeper from others' ("PKsw"). */
const CLAIMS = 0x504b7377;
/** A process that froze keeps its claims no longer than that after its last statement. */
const CLAIM_MS = 30_000;

const KEEP = statementOf(`SELECT set_config('idle_in_transaction_session_timeout', $1, true)`);
const CLAIM = statementOf(
  `SELECT share FROM unnest($1::int[]) AS share WHERE pg_try_advisory_xact_lock($2, share) LIMIT $3`,
);

/**
 * Some of the shares, none of which anybody else has claimed. The claims are advisory locks of the transaction: no row is
 * locked against the engine, and they end with the transaction or with the process.
 */
export async function claimShares(within: Sql, shares: readonly number[], most: number): Promise<number[]> {
  await within.rows(KEEP, [String(CLAIM_MS)]);
  const rows = await within.rows<{ share: number }>(CLAIM, [shares, CLAIMS, most]);
  return rows.map(({ share }) => share);
}

const OVERDUE_ENROLMENTS = statementOf(`
  SELECT id, enrolment_id AS "enrolmentId", due_at::text AS place
    FROM timer
   WHERE ${OVERDUE} AND ${SHARE} = ANY($2::int[]) AND (due_at, id) > ($3::timestamptz, $4::uuid)
   ORDER BY due_at, id LIMIT $5`);

/** Enrolments of these shares with timers overdue by more than the grace. One enrolment may come on two pages. */
export async function overdueEnrolments(
  within: Sql,
  graceMs: number,
  shares: readonly number[],
  from: Place,
  limit: number,
): Promise<Page<string>> {
  const values = [graceMs, shares, from.dueAt, from.id, limit];
  const rows = await within.rows<{ id: string; enrolmentId: string; place: string }>(OVERDUE_ENROLMENTS, values);
  return { rows: [...new Set(rows.map((row) => row.enrolmentId))], next: nextPlace(rows, limit) };
}

/** Counting further tells no more, and a scrape has to stay cheap. */
const MANY = 100_000;

const COUNT_OVERDUE = statementOf(`
  SELECT count(*)::int AS count
    FROM (SELECT FROM timer WHERE status = 'pending' AND due_at < pathkeeper_now() LIMIT $1) AS late`);

/** Pending timers past their due instant. */
export async function countOverdue(sql: Sql): Promise<number> {
  const [row] = await sql.rows<{ count: number }>(COUNT_OVERDUE, [MANY]);
  return row?.count ?? 0;
}

function nextPlace(rows: readonly { id: string; place: string }[], limit: number): Place | null {
  const last = rows.at(-1);
  return last && rows.length === limit ? { dueAt: last.place, id: last.id } : null;
}
