/**
 * Keeps what the engine writes, so that the floor writes the very same rows. It listens where the engine's statements
 * reach the driver, holds the texts of their parameters only, and takes them apart when the measuring is over.
 */
import pg from "pg";

export type Row = Record<string, unknown>;

/** The rows of one decision, by table. */
export interface Written {
  enrolmentId: string;
  isNew: boolean;
  tables: { [table: string]: Row[] };
}

interface Statement {
  text?: string;
  values?: unknown[];
}

type Query = (this: pg.Client, statement: unknown, ...rest: unknown[]) => unknown;

/** In the order of their foreign keys. */
export const TABLES = [
  ...["patient", "patient_identifier", "patient_token"],
  ...["enrolment", "record", "task", "timer", "idempotency_key"],
] as const;

/** All that is assumed of the engine's statements: the rows of a table are one parameter, a JSON array of objects. */
const INSERT = new RegExp(`insert into\\s+(?:"?\\w+"?\\.)?"?(${TABLES.join("|")})"?\\s[^$]*\\$(\\d+)`, "gi");
const END = /^\s*(begin|commit|rollback)\b/i;

export class Capture {
  /** One entry a transaction that was committed: its statements. */
  private readonly committed: Statement[][] = [];

  async during<T>(work: () => Promise<T>): Promise<T> {
    const original = pg.Client.prototype.query as Query;
    pg.Client.prototype.query = this.listening(original) as typeof pg.Client.prototype.query;
    try {
      return await work();
    } finally {
      pg.Client.prototype.query = original as typeof pg.Client.prototype.query;
    }
  }

  /** What was written: for each enrolment its decisions in their order. */
  take(): Written[][] {
    const chains = new Map<string, Written[]>();
    for (const statements of this.committed) {
      for (const decision of decisionsIn(statements)) {
        const chain = chains.get(decision.enrolmentId);
        if (chain) chain.push(decision);
        else chains.set(decision.enrolmentId, [decision]);
      }
    }
    return [...chains.values()];
  }

  private listening(original: Query): Query {
    const { committed } = this;
    const pending = new WeakMap<pg.Client, Statement[]>();
    return function (this: pg.Client, statement: unknown, ...rest: unknown[]): unknown {
      const { text = "", values } = (typeof statement === "string" ? { text: statement } : statement) as Statement;
      if (values && text.search(INSERT) >= 0) {
        pending.set(this, [...(pending.get(this) ?? []), { text, values }]);
      } else if (END.test(text)) {
        const statements = pending.get(this);
        if (statements && /commit/i.test(text)) committed.push(statements);
        pending.delete(this);
      }
      return original.call(this, statement, ...rest);
    };
  }
}

/** A transaction writes many decisions, of each enrolment one. */
function decisionsIn(statements: readonly Statement[]): Written[] {
  const tables = statements.flatMap(tablesOf);
  const enrolments = tables.flatMap(({ table, rows }) => (table === "enrolment" ? rows : []));
  const decisions = new Map(enrolments.map(({ id }) => [id, { enrolmentId: id as string, isNew: false, tables: {} }]));
  const enrolmentOf = new Map(enrolments.map(({ id, patient_id }) => [patient_id, id]));
  for (const { table, rows } of tables) {
    for (const row of rows) {
      const decision: Written | undefined = decisions.get(ownerOf(table, row, enrolmentOf));
      if (!decision) throw new Error(`A row of ${table} was written that belongs to no decision.`);
      (decision.tables[table] ??= []).push(row);
      if (table === "record" && row["seq"] === 1) decision.isNew = true;
    }
  }
  return [...decisions.values()];
}

/** The enrolment that a row was written for. */
function ownerOf(table: string, row: Row, enrolmentOf: ReadonlyMap<unknown, unknown>): unknown {
  if (table === "enrolment") return row["id"];
  if (table === "patient") return enrolmentOf.get(row["id"]);
  return row["enrolment_id"] ?? enrolmentOf.get(row["patient_id"]);
}

function tablesOf({ text, values }: Statement): { table: string; rows: Row[] }[] {
  return [...text!.matchAll(INSERT)].map(([, table, parameter]) => ({
    table: table!,
    rows: JSON.parse(values![Number(parameter) - 1] as string) as Row[],
  }));
}
