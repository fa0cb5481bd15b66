import { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { DataSource } from "typeorm";
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

  it("bounds how long the application waits and is waited for, and lets the owner take its time", async () => {
    const names = [
      ...["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"],
      ...["tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count"],
    ];
    const inForce = async (source: DataSource): Promise<string[]> => {
      const [row] = await source.query<Record<string, string>[]>(
        `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`,
      );
      return names.map((name) => row![name]!);
    };
    expect(await inForce(database.app)).toEqual(["5s", "10s", "10s", "10", "5", "3"]);
    expect((await inForce(database.owner)).slice(0, 3)).toEqual(["0", "0", "0"]);
  });

  it("has the kernel look after a connection that is idle", async () => {
    const keepAlive = jest.spyOn(Socket.prototype, "setKeepAlive");
    try {
      await database.connect("app", 1);
      expect(keepAlive.mock.calls).toEqual([[true, 10_000]]);
    } finally {
      keepAlive.mockRestore();
    }
  });

  it("has the server break off a statement before nobody listens to it any more", async () => {
    const { answerMs } = (database.app.options as { extra: { answerMs: number } }).extra;
    const [row] = await database.app.query<{ ms: number }[]>(
      "select setting::int as ms from pg_settings where name = 'statement_timeout'",
    );
    expect(row!.ms).toBeLessThan(answerMs);
    const slow = database.app.transaction(async (manager) => {
      await manager.query("set local statement_timeout = 50");
      await manager.query("select pg_sleep(30)");
    });
    await expect(slow).rejects.toMatchObject({ code: "57014" });
  });

  it("moves now in TypeScript and in SQL together", async () => {
    const clock = await TestClock.install(database.owner, "2026-03-02T14:00:00.000Z");
    await clock.advance(90_000);
    const [row] = await database.app.query("select pathkeeper_now() as now");
    expect(row.now).toBe(clock.now());
    expect(clock.now()).toBe(Date.parse("2026-03-02T14:01:30.000Z"));
  });
});
