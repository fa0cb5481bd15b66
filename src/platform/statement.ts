import { createHash } from "node:crypto";
import type { EntityManager } from "typeorm";

/** One SQL statement, with the name under which each connection keeps it prepared. */
export interface Statement {
  name: string;
  text: string;
}

/** Somewhere to run statements: a transaction, or whatever connection is free. */
export interface Sql {
  rows<Row>(statement: Statement, values: unknown[]): Promise<Row[]>;
}

interface PreparingClient {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/**
 * Runs a statement on the manager's transaction. TypeORM's own `query` would have PostgreSQL parse and plan the text
 * each time; the connection of its QueryRunner keeps it prepared.
 */
export async function run<Row>(manager: EntityManager, { name, text }: Statement, values: unknown[]): Promise<Row[]> {
  if (!manager.queryRunner) return (await manager.query(text, values)) as Row[];
  const client = (await manager.queryRunner.connect()) as PreparingClient;
  return (await client.query({ name, text, values })).rows as Row[];
}

export function sqlOf(manager: EntityManager): Sql {
  return { rows: (statement, values) => run(manager, statement, values) };
}

const named = new Map<string, Statement>();

/**
 * For a text that is put together from what somebody asks for: named after what it says, so that each shape of it is
 * prepared once. Shapes must be few; what varies without end belongs into the values.
 */
export function statementOf(text: string): Statement {
  let statement = named.get(text);
  if (!statement) {
    const name = `pathkeeper-${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
    named.set(text, (statement = { name, text }));
  }
  return statement;
}
