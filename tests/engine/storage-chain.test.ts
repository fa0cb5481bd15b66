import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { CorrectionOnRecord } from "../../src/engine/model/records.js";
import { verifyChains } from "../../src/engine/storage/verify-chains.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import * as sample from "./storage-samples.js";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await sample.addSite(database.owner);
});
afterAll(() => database.drop());

/** What only somebody with the owner's rights and bad intent can do. */
async function tamper(sql: string, values: unknown[]): Promise<void> {
  await database.owner.query("ALTER TABLE record DISABLE TRIGGER ALL");
  await database.owner.query(sql, values);
  await database.owner.query("ALTER TABLE record ENABLE TRIGGER ALL");
}

async function enrolmentWithFourRecords(value: string): Promise<string> {
  const id = await sample.enrolOne(database.app, sample.patient(value));
  await sample.goOn(database.app, id, () => ({
    records: [
      sample.record(3, { occurredAt: "2026-02-28", performer: "nurse", source: { system: "his", id: value } }),
      sample.other<CorrectionOnRecord>(4, {
        ...{ kind: "correction", type: "radiotherapy.started", corrects: 3, occurredAt: null, data: null },
        detail: { takenBy: [], setAside: [], strikeOut: true },
      }),
    ],
  }));
  return id;
}

const faultsOf = async (id: string) =>
  (await verifyChains(database.app, id))!.broken.map(({ seq, fault }) => `${seq}: ${fault}`);

describe("an untouched history", () => {
  it("verifies, alone and among all", async () => {
    const id = await enrolmentWithFourRecords("untouched");
    await enrolmentWithFourRecords("untouched too");
    expect(await verifyChains(database.app, id)).toEqual({ checked: 1, broken: [] });
    const all = await verifyChains(database.app);
    expect(all!.broken).toEqual([]);
    expect(all!.checked).toBeGreaterThanOrEqual(2);
  });

  it("verifies after the patient's key is destroyed", async () => {
    const id = await enrolmentWithFourRecords("key destroyed");
    await database.app.query(
      `UPDATE patient SET wrapped_key = NULL WHERE id = (SELECT patient_id FROM enrolment WHERE id = $1)`,
      [id],
    );
    expect(await faultsOf(id)).toEqual([]);
  });

  it("verifies in many stretches and pages", async () => {
    const count = 1100;
    const commands = Array.from({ length: count }, (_, n) => sample.enrol(sample.patient(`stretch-${n}`)));
    await database.app.transaction(async (manager) => {
      const loaded = await sample.loader.load(manager, commands);
      const items = loaded.map((one, n) => ({ loaded: one, decision: sample.firstWrite(commands[n]!, one) }));
      await sample.writer.write(manager, items);
    });
    const [{ enrolments }] = await database.owner.query(`SELECT count(*) AS enrolments FROM enrolment`);
    expect(await verifyChains(database.app)).toEqual({ checked: enrolments, broken: [] });
  });

  it("is none for an id that nobody has", async () => {
    expect(await verifyChains(database.app, "11111111-2222-3333-4444-555555555555")).toBeNull();
  });
});

describe("a history that somebody changed is found out", () => {
  it.each([
    ["data", `'{"dose": {"value": 4050, "unit": "cGy"}}'`],
    ["occurred_on", `'2026-02-27'`],
    ["recorded_at", `recorded_at + interval '1 millisecond'`],
    ["by", `'somebody'`],
    ["performer", `NULL`],
    ["source_id", `'4712'`],
    ["sealed", `sealed || '\\x00'::bytea`],
    ["sealed", `NULL`],
    ["state_after", `'"d"'`],
    ["because", `NULL`],
    ["type", `'another'`],
    ["kind", `'refusal'`],
    ["detail", `'{}'`],
  ])("%s = %s", async (column, value) => {
    const id = await enrolmentWithFourRecords(`changed ${column} ${value}`);
    await tamper(`UPDATE record SET "${column}" = ${value} WHERE enrolment_id = $1 AND seq = 3`, [id]);
    expect(await faultsOf(id)).toEqual(["3: its content does not fit its hash"]);
    const all = await verifyChains(database.app);
    expect(all!.broken.filter(({ enrolment }) => enrolment === id)).toHaveLength(1);
  });

  it("a record taken out of the middle", async () => {
    const id = await enrolmentWithFourRecords("middle");
    await tamper(`DELETE FROM record WHERE enrolment_id = $1 AND seq = 3`, [id]);
    expect(await faultsOf(id)).toEqual(["3: record 3 is missing"]);
  });

  it("the newest records cut off", async () => {
    const id = await enrolmentWithFourRecords("cut off");
    await tamper(`DELETE FROM record WHERE enrolment_id = $1 AND seq > 2`, [id]);
    expect(await faultsOf(id)).toEqual(["3: the history ends here, and the enrolment says 4"]);
  });

  it("the whole history taken away", async () => {
    const id = await enrolmentWithFourRecords("all gone");
    await tamper(`DELETE FROM record WHERE enrolment_id = $1`, [id]);
    expect(await faultsOf(id)).toEqual(["1: the history ends here, and the enrolment says 4"]);
  });

  it("the enrolment taken away from its history", async () => {
    const id = await enrolmentWithFourRecords("orphan");
    await tamper(`DELETE FROM enrolment WHERE id = $1`, [id]);
    expect(await faultsOf(id)).toEqual(["4: the enrolment of this history is missing"]);
  });

  it("the enrolment pointing at another end", async () => {
    const id = await enrolmentWithFourRecords("other head");
    await tamper(`UPDATE enrolment SET last_hash = sha256(last_hash) WHERE id = $1`, [id]);
    expect(await faultsOf(id)).toEqual(["4: the enrolment carries another hash than its newest record"]);
    await tamper(`UPDATE enrolment SET seq = 3 WHERE id = $1`, [id]);
    expect(await faultsOf(id)).toEqual(["4: the enrolment says that its history ends at 3"]);
  });

  it("a record of another enrolment put in its place", async () => {
    const [id, other] = [await enrolmentWithFourRecords("swapped"), await enrolmentWithFourRecords("swapped too")];
    await tamper(
      `UPDATE record r SET data = o.data, hash = o.hash, previous_hash = o.previous_hash, sealed = o.sealed
       FROM record o WHERE r.enrolment_id = $1 AND o.enrolment_id = $2 AND r.seq = 3 AND o.seq = 3`,
      [id, other],
    );
    expect((await faultsOf(id)).length).toBeGreaterThan(0);
  });
});
