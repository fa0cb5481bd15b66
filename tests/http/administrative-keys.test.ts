import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { DataSource } from "typeorm";
import { AdministrativeKeys, ProblemError } from "../../src/http/index.js";
import { Sealing } from "../../src/platform/sealing.js";
import type { Sql } from "../../src/platform/statement.js";
import { Transactions } from "../../src/platform/transactions.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { until } from "../support/until.js";

let database: TestDatabase;
let keys: AdministrativeKeys;
beforeAll(async () => {
  database = await createTestDatabase();
  keys = keysOn(database.app);
});
afterAll(() => database.drop());
let key: string;
let count = 0;
beforeEach(() => {
  key = `key ${++count}`;
});

const keysOn = (source: DataSource) =>
  new AdministrativeKeys(new Transactions(source), new Sealing(Buffer.alloc(32, 7)));
const request = (body: string, its = key) => ({ route: "POST /api/sites", key: its, request: body });
const insert = async (sql: Sql, id: string): Promise<string> => {
  const text = "insert into site (id, name, on_call, created_at) values ($1, $1, '{}', pathkeeper_now())";
  await sql.rows({ name: "insert-site", text }, [id]);
  return id;
};
const ofOwner = async (text: string, value: string): Promise<number> =>
  (await database.owner.query<unknown[]>(text, [value])).length;
const sites = (id: string) => ofOwner("select from site where id = $1", id);
const keysKept = () => ofOwner("select from idempotency_key where key = $1", key);

it("commits a key with its effect", async () => {
  expect(await keys.once("admin", request("{}"), (sql) => insert(sql, "together"))).toBe("together");
  expect([await sites("together"), await keysKept()]).toEqual([1, 1]);
});

it("leaves neither key nor effect where the connection breaks between the effect and the commit", async () => {
  const broken = keys.once("admin", request("{}"), async (sql) => {
    await insert(sql, "broken");
    const [backend] = await sql.rows<{ pid: number }>({ name: "pid", text: "select pg_backend_pid() as pid" }, []);
    await database.owner.query("select pg_terminate_backend($1, 5000)", [backend!.pid]);
  });
  await expect(broken).rejects.toThrow();
  expect([await sites("broken"), await keysKept()]).toEqual([0, 0]);
  expect(await keys.once("admin", request("{}"), (sql) => insert(sql, "broken"))).toBe("broken");
  expect([await sites("broken"), await keysKept()]).toEqual([1, 1]);
});

it("leaves neither where the effect meets a fault", async () => {
  const failing = keys.once("admin", request("{}"), async (sql) => {
    await insert(sql, "faulty");
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect([await sites("faulty"), await keysKept()]).toEqual([0, 0]);
});

it("keeps the key of a refusal, and nothing of what was done before it", async () => {
  const refusing = keys.once("admin", request("{}"), async (sql) => {
    await insert(sql, "refused");
    throw new ProblemError({ name: "site-exists", detail: "No." });
  });
  await expect(refusing).rejects.toThrow(ProblemError);
  expect([await sites("refused"), await keysKept()]).toEqual([0, 1]);
});

it("gives one effect to two different requests that come with one key at once, from two processes", async () => {
  const other = keysOn(await database.connect("app", 2));
  let entered = 0;
  const insertOnceBothCame = (id: string) => async (sql: Sql) => {
    entered += 1;
    // The other one waits for this one's key by now, so its effect has not begun.
    await until(async () => (await waiting()) === 1, { timeoutMs: 10_000, what: "the other request to wait" });
    return insert(sql, id);
  };
  const outcomes = await Promise.allSettled([
    keys.once("admin", request("one"), insertOnceBothCame("at-once")),
    other.once("admin", request("two"), insertOnceBothCame("at-once")),
  ]);
  const refused = outcomes.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
  expect(refused.map(({ reason }) => (reason as ProblemError).problem.name)).toEqual(["key-reused"]);
  expect([entered, await sites("at-once"), await keysKept()]).toEqual([1, 1, 1]);
});

it("lets the second of two equal requests see what the first has done", async () => {
  const insertUnlessThere = async (sql: Sql) => {
    const text = `insert into site (id, name, on_call, created_at) values ('equal', 'equal', '{}', pathkeeper_now())
      on conflict do nothing returning id`;
    return (await sql.rows({ name: "insert-unless-there", text }, [])).length;
  };
  const both = await Promise.all([1, 2].map(() => keys.once("admin", request("{}"), insertUnlessThere)));
  expect(both.sort()).toEqual([0, 1]);
  expect(await keysKept()).toBe(1);
});

it("needs one connection for each request", async () => {
  const alone = keysOn(await database.connect("app", 1));
  const ids = Array.from({ length: 8 }, (_, n) => `alone-${n}`);
  const added = ids.map((id) => alone.once("admin", request(id, `${key} ${id}`), (sql) => insert(sql, id)));
  expect(await Promise.all(added)).toEqual(ids);
});

it("commits without a key as well, or not at all", async () => {
  expect(await keys.once("admin", undefined, (sql) => insert(sql, "keyless"))).toBe("keyless");
  const refusing = keys.once("admin", undefined, async (sql) => {
    await insert(sql, "keyless-refused");
    throw new ProblemError({ name: "site-exists", detail: "No." });
  });
  await expect(refusing).rejects.toThrow(ProblemError);
  expect([await sites("keyless"), await sites("keyless-refused")]).toEqual([1, 0]);
});

async function waiting(): Promise<number> {
  return ofOwner(
    `select from pg_locks join pg_stat_activity using (pid)
     where not granted and locktype = 'transactionid' and datname = current_database() and $1 <> ''`,
    "waiting",
  );
}
