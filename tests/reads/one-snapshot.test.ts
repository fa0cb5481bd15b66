import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Sql, statementOf } from "../../src/platform/statement.js";
import { type Reading, Reads } from "../../src/reads/index.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

const COUNT = statementOf("select count(*) as sites from site");
const INSERT = "insert into site (id, name, on_call, created_at) values ($1, $1, '{}', pathkeeper_now())";
const READER = { id: "clinician" };
const nobody = (): string[] => [];

describe("the gate for reading", () => {
  let database: TestDatabase;
  let reads: Reads;
  beforeAll(async () => {
    database = await createTestDatabase();
    reads = new Reads(database.app);
  });
  afterAll(() => database.drop());

  it("shows one answer what is there at one instant", async () => {
    const work = async (sql: Sql) => {
      const [before] = await sql.rows(COUNT, []);
      await database.owner.query(INSERT, ["meanwhile"]);
      const [after] = await sql.rows(COUNT, []);
      return [before, after];
    };
    const counts = await reads.answer(READER, "worklist", work, nobody);
    expect(counts).toEqual([{ sites: 0 }, { sites: 0 }]);
    expect(await reads.by(READER, "calendar").rows(COUNT, [])).toEqual([{ sites: 1 }]);
  });

  it("lets nothing be written", async () => {
    const writing = reads.answer(READER, "worklist", (sql) => sql.rows(statementOf(INSERT), ["written"]), nobody);
    await expect(writing).rejects.toThrow("read-only transaction");
    expect(await reads.by(READER, "calendar").rows(COUNT, [])).toEqual([{ sites: 1 }]);
  });

  it("leaves no connection in the midst of a transaction, whatever happens in it", async () => {
    const single = new Reads(await database.connect("app", 1));
    const state = statementOf("select current_setting('transaction_read_only') = 'off' as alone");
    for (const fails of [true, false]) {
      const work = async (sql: Sql) => {
        await sql.rows(COUNT, []);
        if (fails) throw new Error("It cannot be shown.");
      };
      const reading = single.answer(READER, "history", work, nobody);
      await (fails ? expect(reading).rejects.toThrow("It cannot be shown.") : reading);
      expect(await single.by(READER, "history").rows(state, [])).toEqual([{ alone: true }]);
    }
  });

  it("keeps connections free for what those who read have to wait for", async () => {
    const work = async (sql: Sql) => {
      await sql.rows(COUNT, []);
      return reads.by(READER, "pathway").rows(COUNT, []);
    };
    const answers = Array.from({ length: 50 }, () => reads.answer(READER, "worklist", work, nobody));
    expect(await Promise.all(answers)).toEqual(answers.map(() => [{ sites: 1 }]));
  });

  it("has each connection keep its statements prepared", async () => {
    const single = new Reads(await database.connect("app", 1));
    const kept = statementOf("select name, statement from pg_prepared_statements order by name");
    await single.by(READER, "worklist").rows(COUNT, []);
    const found = await single.by(READER, "worklist").rows(kept, []);
    const names = [COUNT, kept].map(({ name, text }) => ({ name, statement: text }));
    expect(found).toEqual(names.sort((one, other) => (one.name < other.name ? -1 : 1)));
  });

  it("tells who reads what for, and whose record, before anything is given", async () => {
    const told: Reading[] = [];
    const order: string[] = [];
    const single = await database.connect("app", 1);
    const watched = new Reads(single);
    watched.listen(async (reading) => {
      // With no connection held: one that writes it down finds one.
      await single.query("select 1");
      told.push(reading);
      order.push("told");
    });
    await watched.by(READER, "calendar").rows(COUNT, []);
    await watched.by(READER, "amendment", ["one"]).rows(COUNT, []);
    await watched.answer(
      { id: "auditor" },
      "search",
      async (sql) => {
        await sql.rows(COUNT, []);
        order.push("read");
        return ["one", "other"];
      },
      (shown) => shown,
    );
    order.push("given");
    expect(told).toEqual([
      { reader: READER, purpose: "calendar", subjects: [], outcome: "granted" },
      { reader: READER, purpose: "amendment", subjects: ["one"], outcome: "granted" },
      { reader: { id: "auditor" }, purpose: "search", subjects: ["one", "other"], outcome: "granted" },
    ]);
    expect(order).toEqual(["told", "told", "read", "told", "given"]);
  });

  it("gives nothing that could not be told", async () => {
    const watched = new Reads(database.app);
    watched.listen(() => Promise.reject(new Error("It cannot be written down.")));
    const all = [
      watched.by(READER, "calendar").rows(COUNT, []),
      watched.answer(READER, "search", (sql) => sql.rows(COUNT, []), nobody),
    ];
    for (const reading of all) await expect(reading).rejects.toThrow("It cannot be written down.");
  });
});
