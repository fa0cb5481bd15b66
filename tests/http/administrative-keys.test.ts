import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { AdministrativeKeys, ProblemError } from "../../src/http/index.js";
import { Sealing } from "../../src/platform/sealing.js";
import type { Sql, Statement } from "../../src/platform/statement.js";
import { Transactions } from "../../src/platform/transactions.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const ADD: Statement = {
  name: "add",
  text: "insert into site (id, name, on_call, created_at) values ($1, $1, '{}', pathkeeper_now())",
};
const WHO: Statement = { name: "who", text: "select pg_backend_pid() as pid" };

describe("an administrative key and what was done under it", () => {
  let database: TestDatabase;
  let keys: AdministrativeKeys;
  beforeAll(async () => {
    database = await createTestDatabase();
    keys = new AdministrativeKeys(new Transactions(database.app), new Sealing(Buffer.alloc(32, 7)));
  });
  afterAll(() => database.drop());

  const once = <T>(key: string, request: string, effect: (sql: Sql) => Promise<T>): Promise<T> =>
    keys.once("admin", { route: "POST /api/sites", key, request }, effect);
  const add = (id: string) => async (sql: Sql) => (await sql.rows(ADD, [id]), id);
  /** The key and the site that it made, as they are on record. */
  const onRecord = async (key: string): Promise<{ keys: number; sites: number }> => {
    const [found] = await database.owner.query(
      `select (select count(*) from idempotency_key where key = $1) as keys,
         (select count(*) from site where id = $1) as sites`,
      [key],
    );
    return found;
  };

  it("are committed together", async () => {
    expect(await once("together", "a", add("together"))).toBe("together");
    expect(await onRecord("together")).toEqual({ keys: 1, sites: 1 });
  });

  it("are both absent after a fault between the effect and the commit", async () => {
    const fails = async (sql: Sql): Promise<never> => {
      await sql.rows(ADD, ["fault"]);
      throw new Error("The process fails here.");
    };
    await expect(once("fault", "a", fails)).rejects.toThrow("The process fails here.");
    expect(await onRecord("fault")).toEqual({ keys: 0, sites: 0 });
    expect(await once("fault", "a", add("fault"))).toBe("fault");
    expect(await onRecord("fault")).toEqual({ keys: 1, sites: 1 });
  });

  it("are both absent where the connection vanishes between the effect and the commit", async () => {
    const vanishes = async (sql: Sql): Promise<void> => {
      await sql.rows(ADD, ["vanished"]);
      const [{ pid }] = (await sql.rows<{ pid: number }>(WHO, [])) as [{ pid: number }];
      await database.owner.query("select pg_terminate_backend($1, 5000)", [pid]);
    };
    await expect(once("vanished", "a", vanishes)).rejects.toThrow();
    expect(await onRecord("vanished")).toEqual({ keys: 0, sites: 0 });
  });

  it("of a refused request: the key stands, and nothing was done", async () => {
    const refuse = async (sql: Sql): Promise<never> => {
      await sql.rows(ADD, ["refused"]);
      throw new ProblemError({ name: "site-exists", detail: "It exists." });
    };
    await expect(once("refused", "a", refuse)).rejects.toThrow("It exists.");
    expect(await onRecord("refused")).toEqual({ keys: 1, sites: 0 });
    await expect(once("refused", "b", add("refused"))).rejects.toMatchObject({ problem: { name: "key-reused" } });
    expect(await onRecord("refused")).toEqual({ keys: 1, sites: 0 });
  });

  it("of several at once: one effect, however many connections there are", async () => {
    const requests = Array.from({ length: 30 }, (_, index) => `request ${index}`);
    const outcomes = await Promise.allSettled(requests.map((request) => once("at-once", request, add("at-once"))));
    const done = outcomes.filter(({ status }) => status === "fulfilled");
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(done).toHaveLength(1);
    expect(refused.map((reason) => reason.problem?.name)).toEqual(requests.slice(1).map(() => "key-reused"));
    expect(await onRecord("at-once")).toEqual({ keys: 1, sites: 1 });
  });

  it("of several at once in different processes: one effect", async () => {
    const other = new AdministrativeKeys(
      new Transactions(await database.connect("app", 2)),
      new Sealing(Buffer.alloc(32, 7)),
    );
    const key = { route: "POST /api/sites", key: "processes" };
    const outcomes = await Promise.allSettled([
      keys.once("admin", { ...key, request: "a" }, add("processes")),
      other.once("admin", { ...key, request: "b" }, add("processes")),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await onRecord("processes")).toEqual({ keys: 1, sites: 1 });
  });
});
