import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { statementOf, type Sql } from "../../src/platform/statement.js";
import { RolledBack } from "../../src/platform/commit.js";
import { Transactions } from "../../src/platform/transactions.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
let transactions: Transactions;
beforeAll(async () => {
  database = await createTestDatabase();
  transactions = new Transactions(database.app);
});
afterAll(() => database.drop());
beforeEach(() => database.owner.query("DELETE FROM site"));

const count = async (): Promise<number> => (await database.app.query<unknown[]>("SELECT FROM site")).length;
const insert = (sql: Sql, id: string) =>
  sql.rows(statementOf("INSERT INTO site VALUES ($1, 'Any', '{}', pathkeeper_now())"), [id]);
const failing = (sql: Sql) => sql.rows(statementOf("SELECT no"), []);

it("commits what the work did, and gives what it gave", async () => {
  expect(await transactions.transaction(async (sql) => (await insert(sql, "a"), "done"))).toBe("done");
  expect(await count()).toBe(1);
});

it("leaves nothing of a work that throws, and a connection that others can use", async () => {
  for (let n = 0; n < 12; n++) {
    const work = async (sql: Sql) => (await insert(sql, "a"), failing(sql));
    await expect(transactions.transaction(work)).rejects.toMatchObject({ code: "42703" });
  }
  expect(await count()).toBe(0);
  await transactions.transaction((sql) => insert(sql, "a"));
  expect(await count()).toBe(1);
});

it("throws where the work kept to itself that a statement had failed, since nothing of it is committed", async () => {
  const work = async (sql: Sql): Promise<string> => {
    await insert(sql, "a");
    await failing(sql).catch(() => undefined);
    return "done";
  };
  await expect(transactions.transaction(work)).rejects.toBeInstanceOf(RolledBack);
  expect(await count()).toBe(0);
});

it("commits where the work went back to before the statement that failed", async () => {
  await transactions.transaction(async (sql) => {
    await insert(sql, "a");
    await sql.rows(statementOf("SAVEPOINT here"), []);
    await failing(sql).catch(() => sql.rows(statementOf("ROLLBACK TO SAVEPOINT here"), []));
  });
  expect(await count()).toBe(1);
});
