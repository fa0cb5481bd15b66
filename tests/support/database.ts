import { randomBytes } from "node:crypto";
import type { DataSource } from "typeorm";
import { ENTITIES } from "../../src/entities.js";
import { createDataSource, type DatabaseRole } from "../../src/platform/database.js";
import { fromRun } from "./environment-of-run.js";
import { databaseUrl, query } from "./template.js";

/** A migrated database of a test file's own. */
export interface TestDatabase {
  /** For the role of DATABASE_URL: what the program would be given. */
  url: string;
  /** Connected as the application, which may not rewrite history. */
  app: DataSource;
  /** Connected as the owner of the schema: for what only a test may do. */
  owner: DataSource;
  /** Another DataSource on the same database, closed with it. */
  connect(role: DatabaseRole, poolSize?: number): Promise<DataSource>;
  /** Closes every connection made here and drops the database. */
  drop(): Promise<void>;
}

/** `const database = await createTestDatabase()` in `beforeAll`, `await database.drop()` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = fromRun("PATHKEEPER_TEST_ADMIN_URL");
  const template = fromRun("PATHKEEPER_TEST_RUN");
  const name = `${template}_${randomBytes(5).toString("hex")}`;
  await query(adminUrl, `create database ${name} template ${template}`);
  const url = databaseUrl(adminUrl, name);
  const open: DataSource[] = [];
  const connect = async (role: DatabaseRole, poolSize?: number): Promise<DataSource> => {
    const source = await createDataSource(url, { role, poolSize, entities: ENTITIES }).initialize();
    open.push(source);
    return source;
  };
  return {
    url,
    app: await connect("app"),
    owner: await connect("owner", 2),
    connect,
    async drop() {
      await Promise.all(open.filter((source) => source.isInitialized).map((source) => source.destroy()));
      await query(adminUrl, `drop database ${name} with (force)`);
    },
  };
}
