import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { addSite, enrolOne, patient } from "./storage-samples.js";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database.owner);
  await enrolOne(database.app, patient("1"));
  await database.app.query(`INSERT INTO pathway_version VALUES ('p', '1.0.0', 'ff', '{}', pathkeeper_now(), 'admin')`);
});
afterAll(() => database.drop());

describe.each([
  ["record", "seq = seq"],
  ["idempotency_key", "seq = seq"],
  ["pathway_version", "hash = hash"],
  ["site_calendar", "time_zone = time_zone"],
])("%s is append-only", (table, change) => {
  const attempts = [`UPDATE ${table} SET ${change}`, `DELETE FROM ${table}`, `TRUNCATE ${table}`];

  it.each(attempts)("the application may not: %s", async (sql) => {
    await expect(database.app.query(sql)).rejects.toThrow("permission denied");
  });

  it.each(attempts)("the owner may not by accident: %s", async (sql) => {
    await expect(database.owner.query(sql)).rejects.toThrow(`${table} is append-only`);
  });

  it("and so it still holds its rows", async () => {
    const [{ rows }] = await database.owner.query(`SELECT count(*) AS rows FROM ${table}`);
    expect(rows).toBeGreaterThan(0);
  });
});

it.each(["enrolment", "task", "timer", "patient"])("the application deletes no row of %s", async (table) => {
  await expect(database.app.query(`DELETE FROM ${table}`)).rejects.toThrow("permission denied");
});

it("the application cannot take the protection away", async () => {
  await expect(database.app.query(`ALTER TABLE record DISABLE TRIGGER ALL`)).rejects.toThrow("must be owner");
  await expect(database.app.query(`DROP TRIGGER record_append_only ON record`)).rejects.toThrow("must be owner");
});

it("the first record of a number stays the only one", async () => {
  const again = `INSERT INTO record SELECT * FROM record LIMIT 1`;
  await expect(database.app.query(again)).rejects.toMatchObject({ code: "23505" });
});
