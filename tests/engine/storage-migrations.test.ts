import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DataSource } from "typeorm";
import { assertKnownMigrations, migrate, MIGRATIONS, missingRoleSql, schemaDrift } from "../../migrations/index.js";
import { ENTITIES } from "../../src/entities.js";
import { createDataSource } from "../../src/platform/database.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { databaseUrl } from "../support/template.js";
import { dumpSchema } from "./dump-schema.js";

let database: TestDatabase;
const scratch: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const name of scratch) await database.owner.query(`DROP DATABASE "${name}" WITH (FORCE)`);
  await database.drop();
});

async function emptyDatabase(owner?: string): Promise<string> {
  const [{ name }] = await database.owner.query(`SELECT current_database() || '_' || $1::int AS name`, [
    scratch.length,
  ]);
  await database.owner.query(`CREATE DATABASE "${name}" ${owner ? `OWNER ${owner}` : ""}`);
  scratch.push(name);
  return databaseUrl(database.url, name);
}

async function connected<Result>(url: string, work: (owner: DataSource) => Promise<Result>): Promise<Result> {
  const owner = await createDataSource(url, { role: "owner", poolSize: 3, entities: ENTITIES }).initialize();
  try {
    return await work(owner);
  } finally {
    await owner.destroy();
  }
}

async function roleSql(owner: DataSource): Promise<string | undefined> {
  const runner = owner.createQueryRunner();
  return missingRoleSql(runner).finally(() => runner.release());
}

const applied = async (owner: DataSource) => Number((await owner.query(`SELECT count(*) AS n FROM migrations`))[0].n);

describe("migrations", () => {
  it("make the schema that is written down in schema.sql", async () => {
    expect(await dumpSchema(database.owner)).toBe(readFileSync(new URL("schema.sql", import.meta.url), "utf8"));
  });

  it("make what the entities say, and a difference is noticed", async () => {
    expect(await schemaDrift(database.owner)).toEqual([]);
    await database.owner.query(`DROP INDEX task_due`);
    await database.owner.query(`ALTER TABLE task ADD COLUMN extra text`);
    await database.owner.query(`ALTER TABLE site ALTER COLUMN name DROP NOT NULL`);
    expect(await schemaDrift(database.owner)).toHaveLength(3);
  });

  it("go all the way down and up again", async () => {
    await connected(await emptyDatabase(), async (owner) => {
      const bare = await dumpSchema(owner);
      await migrate(owner);
      const full = await dumpSchema(owner);
      for (const _ of MIGRATIONS) await owner.undoLastMigration({ transaction: "each" });
      expect(await dumpSchema(owner)).toBe(bare);
      await migrate(owner);
      expect(await dumpSchema(owner)).toBe(full);
    });
  });

  it("change nothing when they run a second time", async () => {
    await connected(await emptyDatabase(), async (owner) => {
      await migrate(owner);
      const once = await dumpSchema(owner);
      await migrate(owner);
      expect(await dumpSchema(owner)).toBe(once);
      expect(await applied(owner)).toBe(MIGRATIONS.length);
    });
  });

  it("run once when five processes start at once", async () => {
    const url = await emptyDatabase();
    await Promise.all(Array.from({ length: 5 }, () => connected(url, migrate)));
    await connected(url, async (owner) => expect(await applied(owner)).toBe(MIGRATIONS.length));
  });

  it("of several databases of one cluster run at once", async () => {
    const urls = [await emptyDatabase(), await emptyDatabase(), await emptyDatabase()];
    await Promise.all(urls.map((url) => connected(url, migrate)));
  });

  it("refuse a database that is newer than the program", async () => {
    await connected(await emptyDatabase(), async (owner) => {
      await assertKnownMigrations(owner);
      await migrate(owner);
      await owner.query(`INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture')`);
      await expect(migrate(owner)).rejects.toThrow("The database is newer than this program (it has FromTheFuture)");
    });
  });
});

describe("the application's role", () => {
  const user = `plain_owner_${process.pid}`;
  let url: string;

  beforeAll(async () => {
    await database.owner.query(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`);
    const owned = new URL(await emptyDatabase(user));
    owned.username = user;
    owned.password = "secret";
    url = owned.toString();
  });
  afterAll(async () => {
    const name = scratch.pop()!;
    await database.owner.query(`DROP DATABASE "${name}" WITH (FORCE)`);
    await database.owner.query(`DROP ROLE ${user}`);
  });

  it("is asked for in SQL where the owner may not make it", async () => {
    await connected(url, async (owner) => {
      const sql = await roleSql(owner);
      expect(sql).toBe(`GRANT pathkeeper_app TO ${user};`);
      await expect(migrate(owner)).rejects.toThrow(`Somebody who may create roles must run this once: ${sql}`);
      await database.owner.query(sql!);
      expect(await roleSql(owner)).toBeUndefined();
      await migrate(owner);
    });
    const app = await createDataSource(url, { role: "app", entities: ENTITIES }).initialize();
    expect(await app.query(`SELECT current_user AS "user" FROM (SELECT count(*) FROM record) r`)).toEqual([
      { user: "pathkeeper_app" },
    ]);
    await expect(app.query(`DELETE FROM record`)).rejects.toThrow("permission denied");
    await app.destroy();
  });

  it("needs nobody else where the owner may create roles", async () => {
    await database.owner.query(`ALTER ROLE ${user} CREATEROLE`);
    await connected(url, async (owner) => expect(await roleSql(owner)).toBeUndefined());
  });
});
