import type { DataSource } from "typeorm";
import { missingRoleSql } from "./app-role.js";

/** Any number that nobody else locks in this database. */
const MIGRATION_LOCK = 7_284_001;

/** The database carries migrations that this code does not have. */
export class DatabaseNewerError extends Error {
  constructor(readonly unknown: string[]) {
    super(
      `The database is newer than this program (it has ${unknown.join(", ")}): start the newer version of Pathkeeper.`,
    );
  }
}

/** The schema's owner may not make the application's role. */
export class RoleMissingError extends Error {
  constructor(readonly sql: string) {
    super(`Somebody who may create roles must run this once: ${sql}`);
  }
}

/** Refuses a database that a newer version has migrated. */
export async function assertKnownMigrations(dataSource: DataSource): Promise<void> {
  const table = dataSource.options.migrationsTableName ?? "migrations";
  const [found] = (await dataSource.query(`SELECT to_regclass($1) IS NOT NULL AS "exists"`, [table])) as {
    exists: boolean;
  }[];
  if (!found?.exists) return;
  const known = new Set(dataSource.migrations.map((migration) => migration.name));
  const applied = (await dataSource.query(`SELECT name FROM "${table}" ORDER BY timestamp`)) as { name: string }[];
  const unknown = applied.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new DatabaseNewerError(unknown);
}

/**
 * Brings the schema up to this code; harmless when it is. Needs a DataSource of the schema's owner with MIGRATIONS and
 * at least two connections. Processes that start together wait for each other.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query(`SELECT pg_advisory_lock($1)`, [MIGRATION_LOCK]);
    await assertKnownMigrations(dataSource);
    if (!(await dataSource.showMigrations())) return;
    const sql = await missingRoleSql(lock);
    if (sql) throw new RoleMissingError(sql);
    await dataSource.runMigrations({ transaction: "each" });
  } finally {
    await lock.query(`SELECT pg_advisory_unlock($1)`, [MIGRATION_LOCK]).finally(() => lock.release());
  }
}
