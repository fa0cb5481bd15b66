import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { TestClock } from "../support/test-clock.js";

describe("a connection to the database", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it("gives instants and counts as numbers and dates as text", async () => {
    const [row] = await database.owner.query(
      "select '2026-03-02T15:00:00.123456+01'::timestamptz as at, count(*) as n, '2026-02-28'::date as day from (values (1)) v",
    );
    expect(row).toEqual({ at: Date.parse("2026-03-02T14:00:00.123Z"), n: 1, day: "2026-02-28" });
  });

  it("refuses a number that would be read wrongly", async () => {
    await expect(database.owner.query("select 9007199254740993::int8")).rejects.toThrow("too large");
  });

  it("takes the role of the application on each connection, and the owner's where the schema is changed", async () => {
    const who = "select current_user as name, current_setting('TimeZone') as zone";
    expect(await database.app.query(who)).toEqual([{ name: "pathkeeper_app", zone: "UTC" }]);
    expect((await database.owner.query(who))[0].name).not.toBe("pathkeeper_app");
  });

  it("moves now in TypeScript and in SQL together", async () => {
    const clock = await TestClock.install(database.owner, "2026-03-02T14:00:00.000Z");
    await clock.advance(90_000);
    const [row] = await database.app.query("select pathkeeper_now() as now");
    expect(row.now).toBe(clock.now());
    expect(clock.now()).toBe(Date.parse("2026-03-02T14:01:30.000Z"));
  });
});
