/**
 * Keeps what the engine writes, so that the floor writes the very same rows. It listens where the engine's statements
 * reach the driver, and holds the texts of their parameters only.
 */
import pg from "pg";
const WRITE_DECISIONS = { name: "pathkeeper-write-decisions" };
const WRITE_PATIENTS = { name: "pathkeeper-write-patients" };

export type Row = Record<string, unknown>;

/** The rows of one decision, by table. */
export interface Written {
  enrolmentId: string;
  isNew: boolean;
  tables: { [table: string]: Row[] };
}

/** In the order of the statements' parameters. */
const DECISION_TABLES = ["enrolment", "record", "task", "timer", "idempotency_key"];
const PATIENT_TABLES = ["patient", "patient_identifier", "patient_token"];

type Query = (this: pg.Client, statement: unknown, ...rest: unknown[]) => unknown;

export class Capture {
  private readonly texts: { patients: string[] | null; decision: string[] }[] = [];
  private readonly original = pg.Client.prototype.query as Query;

  start(): void {
    const { texts, original } = this;
    const patients = new WeakMap<pg.Client, string[]>();
    pg.Client.prototype.query = function (this: pg.Client, statement: unknown, ...rest: unknown[]): unknown {
      const { name, values } = (statement ?? {}) as { name?: string; values?: string[] };
      if (name === WRITE_PATIENTS.name) patients.set(this, values!);
      if (name === WRITE_DECISIONS.name) {
        texts.push({ patients: patients.get(this) ?? null, decision: values! });
        patients.delete(this);
      }
      return original.call(this, statement, ...rest);
    } as typeof pg.Client.prototype.query;
  }

  stop(): void {
    pg.Client.prototype.query = this.original as typeof pg.Client.prototype.query;
  }

  /** What was written since the last time: for each enrolment its decisions in their order. */
  take(): Written[][] {
    const chains = new Map<string, Written[]>();
    for (const { patients, decision } of this.texts.splice(0)) {
      const tables = { ...tablesOf(PATIENT_TABLES, patients ?? []), ...tablesOf(DECISION_TABLES, decision) };
      const enrolmentId = String(tables["enrolment"]![0]!["id"]);
      const chain = chains.get(enrolmentId);
      const written = { enrolmentId, isNew: patients !== null, tables };
      if (chain) chain.push(written);
      else chains.set(enrolmentId, [written]);
    }
    return [...chains.values()];
  }
}

function tablesOf(names: readonly string[], texts: readonly string[]): { [table: string]: Row[] } {
  return Object.fromEntries(texts.map((text, index) => [names[index]!, JSON.parse(text) as Row[]]));
}
