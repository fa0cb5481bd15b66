/**
 * The floor: what the same rows cost by hand. Plain SQL on plain `pg`, every statement prepared, one transaction per
 * decision, one connection per lane: lock the enrolment, write table by table, commit. No rule is checked, nothing is
 * decided, and what is sent was made ready before.
 */
import pg from "pg";
import { urlForRole } from "../../src/platform/database.js";
import { TABLES, type Row, type Written } from "./captured.js";
import type { Work } from "./figure.js";
import { LANES, workOff } from "./lanes.js";

interface Prepared {
  name: string;
  text: string;
  values: unknown[];
}

/** The keys of the tables whose rows may be there already. */
const KEYS: { [table: string]: readonly string[] } = {
  enrolment: ["id"],
  task: ["enrolment_id", "id"],
  timer: ["enrolment_id", "state", "name"],
};

export class Floor {
  private constructor(
    private readonly clients: pg.Client[],
    /** Columns whose values travel as JSON text. */
    private readonly jsonColumns: ReadonlySet<string>,
  ) {}

  /** On a database of its own, with the schema and the role of the application. */
  static async open(url: string): Promise<Floor> {
    const clients = Array.from({ length: LANES }, () => new pg.Client({ connectionString: urlForRole(url, "app") }));
    await Promise.all(clients.map((client) => client.connect()));
    const { rows } = await clients[0]!.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and data_type = 'jsonb'`,
    );
    return new Floor(clients, new Set(rows.map(({ name }) => name)));
  }

  async replay(chains: readonly (readonly Written[])[], lanes: number): Promise<Work> {
    const prepared = chains.map((chain) => chain.map((written) => this.statements(written)));
    const write = async (statements: readonly Prepared[], lane: number): Promise<void> => {
      const client = this.clients[lane]!;
      await client.query("begin");
      for (const statement of statements) await client.query(statement);
      await client.query("commit");
    };
    return workOff(prepared, write, undefined, lanes);
  }

  /** Throws unless the tables hold the very rows that the engine's database holds. */
  async compare(engineUrl: string): Promise<void> {
    const engine = new pg.Client({ connectionString: urlForRole(engineUrl, "app") });
    await engine.connect();
    try {
      for (const table of TABLES) {
        const text = `select count(*)::int as rows, sum(hashtextextended(t::text, 0))::text as hash from ${table} t`;
        const [mine, theirs] = await Promise.all([this.clients[0]!, engine].map((client) => client.query(text)));
        const [floor, engineHolds] = [JSON.stringify(mine!.rows[0]), JSON.stringify(theirs!.rows[0])];
        if (floor !== engineHolds) throw new Error(`The floor's ${table} holds ${floor}, the engine's ${engineHolds}.`);
      }
    } finally {
      await engine.end();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private statements({ enrolmentId, isNew, tables }: Written): Prepared[] {
    const writes = TABLES.flatMap((table) => {
      const rows = tables[table] ?? [];
      if (rows.length === 0) return [];
      if (table === "enrolment" && !isNew) return [this.update(table, rows[0]!)];
      return [this.insert(table, rows, KEYS[table])];
    });
    return isNew ? writes : [lock(enrolmentId), ...writes];
  }

  private insert(table: string, rows: readonly Row[], key?: readonly string[]): Prepared {
    // A field that is undefined is not in the JSON of its row.
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();
    const places = rows.map((_, at) => `(${columns.map((_, n) => `$${at * columns.length + n + 1}`).join(", ")})`);
    const others = columns.filter((column) => !key?.includes(column));
    const conflict = key
      ? ` on conflict (${key.join(", ")}) do update set ${others.map((name) => `${name} = excluded.${name}`).join(", ")}`
      : "";
    const values = rows.flatMap((row) => columns.map((column) => this.value(table, column, row[column])));
    return named(`insert into ${table} (${columns.join(", ")}) values ${places.join(", ")}${conflict}`, values);
  }

  private update(table: string, row: Row): Prepared {
    const columns = Object.keys(row).filter(
      (column) => !["id", "patient_id", "site_id", "pathway_id"].includes(column),
    );
    const changes = columns.map((column, n) => `${column} = $${n + 2}`).join(", ");
    const values = columns.map((column) => this.value(table, column, row[column]));
    return named(`update ${table} set ${changes} where id = $1`, [row["id"], ...values]);
  }

  private value(table: string, column: string, value: unknown): unknown {
    if (value === undefined || value === null) return null;
    return this.jsonColumns.has(`${table}.${column}`) ? JSON.stringify(value) : value;
  }
}

function lock(enrolmentId: string): Prepared {
  return named("select * from enrolment where id = $1 for update", [enrolmentId]);
}

const names = new Map<string, string>();

/** The driver prepares a statement once per connection under its name. */
function named(text: string, values: unknown[]): Prepared {
  let name = names.get(text);
  if (!name) names.set(text, (name = `floor-${names.size}`));
  return { name, text, values };
}
