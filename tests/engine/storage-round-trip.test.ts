import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { readRevealed } from "../../src/engine/storage/history.js";
import { schemaOf } from "../../src/engine/storage/schema.js";
import { sqlOf } from "../../src/platform/statement.js";
import type {
  CorrectionOnRecord,
  EventOnRecord,
  FiringOnRecord,
  RefusalOnRecord,
} from "../../src/engine/model/records.js";
import { foldRecordsOf } from "../../src/engine/model/loaded.js";
import { invalidTime } from "../../src/engine/model/refusals.js";
import type { EventRecord } from "../../src/core/fold/records.js";
import { searchPatients } from "../../src/engine/storage/patient-search.js";
import * as sample from "./storage-samples.js";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await sample.addSite(database.owner);
});
afterAll(() => database.drop());

describe("what is written is loaded again", () => {
  it("an enrolment with its records, tasks, timers and texts", async () => {
    const command = sample.enrol(sample.patient("round-trip"), "round-trip");
    const made = await database.app.transaction(async (manager) => {
      const [loaded] = await sample.loader.load(manager, [command]);
      expect(loaded).toMatchObject({ enrolment: null, matches: [], replayed: null, idempotency: { found: null } });
      const decision = sample.firstWrite(command, loaded!);
      await sample.writer.write(manager, [{ loaded: loaded!, decision }]);
      return decision.write!;
    });
    const [loaded] = await database.app.transaction((manager) =>
      sample.loader.load(manager, [sample.wake(made.enrolment.id)]),
    );
    const enrolment = loaded!.enrolment!;
    expect(enrolment.row).toEqual(made.enrolment);
    expect(enrolment.seq).toBe(2);
    expect(enrolment.lastRecordedAt).toBe(sample.T0 + 2);
    expect(enrolment.tasks).toEqual(made.tasks);
    expect(enrolment.timers).toEqual(made.timers);
    expect(enrolment.firings).toEqual([]);
    expect(enrolment.patient.reveal()).toEqual(command.patient);
    expect(enrolment.reveal(1)).toEqual({ isSealed: false, cut: null, texts: null });
    const { type, data, cut, personal } = made.records[1] as EventOnRecord & { personal: object };
    expect(enrolment.reveal(2)).toEqual({ isSealed: true, cut, texts: personal });
    expect(foldRecordsOf(enrolment)).toEqual([
      {
        kind: "event",
        seq: 2,
        type,
        occurredAt: sample.T0,
        recordedAt: sample.T0 + 2,
        by: "clinician",
        data: JSON.parse(JSON.stringify(data)),
      },
    ]);
    const [read] = await sample.loader.read(database.app.manager, [made.enrolment.id]);
    expect(JSON.stringify(read)).toBe(JSON.stringify(loaded!.enrolment));
    expect(read!.reveal(2)).toEqual({ isSealed: true, cut, texts: personal });
  });

  it("corrections, strike-outs, bare dates, performers and firings", async () => {
    const id = await sample.enrolOne(database.app, sample.patient("kinds"));
    const firing = { state: "a", name: "t", startedAt: 1, dueAt: 2, firedAt: 3 };
    await sample.goOn(database.app, id, () => ({
      records: [
        sample.record(3, { occurredAt: "2026-02-28", performer: "nurse", source: { system: "his", id: "4711" } }),
        sample.other<CorrectionOnRecord>(4, {
          ...{ kind: "correction", type: "radiotherapy.started", corrects: 3, occurredAt: null, data: null },
          detail: { takenBy: [], setAside: [], strikeOut: true },
        }),
        sample.other<CorrectionOnRecord>(5, {
          ...{
            kind: "correction",
            type: "radiotherapy.started",
            corrects: 3,
            occurredAt: "2026-03-01",
            data: { a: 1 },
          },
          detail: { takenBy: [], setAside: [] },
        }),
        sample.other<FiringOnRecord>(6, {
          ...{ kind: "timer", type: "timer.fired", occurredAt: 2, by: null, role: null },
          detail: { ...firing, firedBy: "job", latenessMs: 1 },
        }),
        sample.other<RefusalOnRecord>(
          7,
          { kind: "refusal", type: "e", corrects: null, data: { problem: "exited", pointers: [] } },
          { "/body": { note: sample.MARKER } },
        ),
      ],
    }));
    const command = sample.report(id, { event: { type: "e", data: {}, source: { system: "his", id: "4711" } } });
    const [loaded] = await database.app.transaction((manager) => sample.loader.load(manager, [command]));
    const { firings, entries } = loaded!.enrolment!;
    const records = foldRecordsOf(loaded!.enrolment!);
    expect(records.map(({ seq }) => seq)).toEqual([2, 3, 4, 5]);
    expect(records[1] as EventRecord).toMatchObject({ occurredAt: "2026-02-28", by: "nurse" });
    expect(records[2]).toEqual({ kind: "correction", seq: 4, corrects: 3, recordedAt: sample.T0 + 4, strikeOut: true });
    expect(records[3]).toMatchObject({ occurredAt: "2026-03-01", data: { a: 1 } });
    expect(records[3]).not.toHaveProperty("strikeOut");
    expect(firings).toEqual([{ seq: 6, ...firing }]);
    expect(entries.map(({ source }) => source)).toEqual([null, { system: "his", id: "4711" }, null, null]);

    const page = { after: 2, limit: 5 };
    const sql = sqlOf(database.app.manager);
    const history = await readRevealed(sql, schemaOf(database.app), sample.vault, id, page);
    expect(history!.map(({ record }) => record.kind)).toEqual([
      "event",
      "correction",
      "correction",
      "timer",
      "refusal",
    ]);
    expect(history![4]!.texts).toEqual({ isSealed: true, cut: ["/body"], texts: { "/body": { note: sample.MARKER } } });
  });

  it("changed tasks and timers in place of the old ones", async () => {
    const id = await sample.enrolOne(database.app, sample.patient("changes"));
    const { write } = await sample.goOn(database.app, id, ({ enrolment }) => ({
      enrolment: { ...enrolment!.row, status: "exited", exitReason: "died", states: [], projectedTo: sample.T0 + 9 },
      tasks: [{ ...enrolment!.tasks[0]!, status: "closed", closedAt: sample.T0 + 5, assignee: "lead" }],
      timers: [{ ...enrolment!.timers[0]!, generation: 2, dueAt: sample.T0 + 7 }, sample.timer({ name: "other" })],
    }));
    const [loaded] = await sample.loader.read(database.app.manager, [id]);
    expect(loaded!.row).toEqual(write!.enrolment);
    expect(loaded!.tasks).toEqual(write!.tasks);
    expect(new Set(loaded!.timers)).toEqual(new Set(write!.timers));
  });

  it("a list at once, in the order of the commands", async () => {
    const commands = ["list-1", "list-2", "list-3"].map((value) => sample.enrol(sample.patient(value), value));
    const ids = await database.app.transaction(async (manager) => {
      const loaded = await sample.loader.load(manager, commands);
      const items = loaded.map((one, n) => ({ loaded: one, decision: sample.firstWrite(commands[n]!, one) }));
      await sample.writer.write(manager, items);
      return items.map(({ decision }) => decision.write!.enrolment.id);
    });
    const loaded = await database.app.transaction((manager) => sample.loader.load(manager, ids.map(sample.wake)));
    expect(loaded.map(({ enrolment }) => enrolment!.row.id)).toEqual(ids);
    expect(loaded.map(({ enrolment }) => enrolment!.patient.reveal()!.identifiers[0]!.value)).toEqual([
      "list-1",
      "list-2",
      "list-3",
    ]);
  });

  it("an answer by its key, with the record that it made and what was told of tasks until then", async () => {
    const command = sample.enrol(sample.patient("replay"), "replay");
    const load = async () => (await database.app.transaction((manager) => sample.loader.load(manager, [command])))[0]!;
    const made = await database.app.transaction(async (manager) => {
      const [loaded] = await sample.loader.load(manager, [command]);
      const decision = sample.firstWrite(command, loaded!);
      await sample.writer.write(manager, [{ loaded: loaded!, decision }]);
      return decision.write!;
    });
    await sample.goOn(database.app, made.enrolment.id, () => ({}));
    const loaded = await load();
    expect(loaded.idempotency!.found).toEqual(made.idempotency);
    expect(loaded.enrolment!.row.id).toBe(made.enrolment.id);
    expect(loaded.enrolment!.seq).toBe(3);
    expect(loaded.replayed!.map(({ seq, kind }) => [seq, kind])).toEqual([[2, "event"]]);
    const another = { ...command, idempotency: sample.enrol(sample.patient("")).idempotency };
    const [anew] = await database.app.transaction((manager) => sample.loader.load(manager, [another]));
    expect(anew!.idempotency!.found).toBeNull();
    expect(anew!.matches).toMatchObject([
      { patient: { id: made.enrolment.patientId }, stays: [{ enrolmentId: made.enrolment.id, until: null }] },
    ]);
  });

  it("an answer that recorded nothing", async () => {
    const command = sample.enrol(sample.patient("remembered"), "remembered");
    const refusal = invalidTime("/occurredAt", "future-time");
    await database.app.transaction(async (manager) => {
      const [loaded] = await sample.loader.load(manager, [command]);
      const { write, ...decision } = sample.firstWrite(command, loaded!);
      const remember = { ...write!.idempotency!, enrolmentId: null, recordSeq: null, seq: 0, refusal };
      await sample.writer.write(manager, [{ loaded: loaded!, decision: { ...decision, write: null, remember } }]);
    });
    const [loaded] = await database.app.transaction((manager) => sample.loader.load(manager, [command]));
    expect(loaded).toMatchObject({
      enrolment: null,
      replayed: [],
      idempotency: { found: { refusal, recordSeq: null } },
    });
  });

  it("nothing for an id that nobody has", async () => {
    const nobody = "11111111-2222-3333-4444-555555555555";
    const [loaded] = await database.app.transaction((manager) => sample.loader.load(manager, [sample.report(nobody)]));
    expect(loaded).toMatchObject({ enrolment: null });
    expect(await sample.loader.read(database.app.manager, [nobody])).toEqual([null]);
  });
});

describe("a patient", () => {
  it("is found by any identifier, however it is written", async () => {
    const identifiers = [
      { system: "mrn", value: "AB 12" },
      { system: "insurance", value: "X1" },
    ];
    const id = await sample.enrolOne(database.app, sample.patient("", { identifiers }));
    const again = sample.enrol(sample.patient("", { identifiers: [{ system: "MRN", value: "ab12" }] }));
    const elsewhere = { ...again, pathway: "another" };
    const [same, other] = await database.app.transaction((manager) => sample.loader.load(manager, [again, elsewhere]));
    expect(same!.matches).toMatchObject([{ patient: {}, stays: [{ enrolmentId: id, until: null }] }]);
    expect(other!.matches).toMatchObject([{ patient: { id: same!.matches[0]!.patient.id }, stays: [] }]);
    const [wrong] = await database.app.transaction((manager) =>
      sample.loader.load(manager, [
        sample.enrol(sample.patient("", { identifiers: [{ system: "mrn", value: "X1" }] })),
      ]),
    );
    expect(wrong!.matches).toEqual([]);
  });

  it("has one active enrolment on a pathway, whoever comes first", async () => {
    const input = sample.patient("twice");
    const outcomes = await Promise.allSettled([1, 2].map(() => sample.enrolOne(database.app, input)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = outcomes.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: "23505" });
    const [{ count }] = await database.owner.query(
      `SELECT count(*) FROM enrolment e JOIN patient_identifier i USING (patient_id) WHERE i.hash = $1`,
      [sample.vault.identifierHash(input.identifiers[0]!)],
    );
    expect(count).toBe(1);
  });

  it("gives up what an amendment leaves out, and takes nobody else's identifier", async () => {
    const id = await sample.enrolOne(database.app, sample.patient("before"));
    await sample.enrolOne(database.app, sample.patient("of-another"));
    const change = (personal: ReturnType<typeof sample.patient>) =>
      sample.goOn(database.app, id, ({ enrolment }) => ({
        patient: { id: enrolment!.row.patientId, isNew: false, personId: enrolment!.row.patientId, personal },
      }));
    const amended = sample.patient("after", { familyName: `${sample.MARKER} Weiß`, email: "a@example.org" });
    await change(amended);
    const [loaded] = await database.app.transaction((manager) =>
      sample.loader.load(manager, [sample.amend(id, { identifiers: [{ system: "mrn", value: "of-another" }] })]),
    );
    expect(loaded!.enrolment!.patient.reveal()).toEqual(amended);
    expect(loaded!.matches).toHaveLength(1);
    const found = async (text: string) =>
      (await searchPatients(sqlOf(database.app.manager), sample.vault, text)).length;
    expect([await found("before"), await found("after"), await found("WEISS anna 1960-05-03")]).toEqual([0, 1, 1]);
    expect(await found("weiss otto")).toBe(0);
    await expect(change(sample.patient("of-another"))).rejects.toMatchObject({ code: "23505" });
  });

  it("whose key is destroyed cannot be read any more", async () => {
    const id = await sample.enrolOne(database.app, sample.patient("erased"));
    await database.app.query(
      `UPDATE patient SET wrapped_key = NULL WHERE id = (SELECT patient_id FROM enrolment WHERE id = $1)`,
      [id],
    );
    const [loaded] = await sample.loader.read(database.app.manager, [id]);
    expect(loaded!.patient.reveal()).toBeNull();
    expect(loaded!.reveal(2)).toMatchObject({ isSealed: true, texts: null });
    await expect(sample.goOn(database.app, id, () => ({}))).rejects.toThrow("there is no key");
  });
});

it("a load that waited for the lock sees what the other one wrote", async () => {
  const id = await sample.enrolOne(database.app, sample.patient("waits"));
  let letGo!: () => void;
  const holding = new Promise<void>((resolve) => (letGo = resolve));
  let locked!: () => void;
  const isLocked = new Promise<void>((resolve) => (locked = resolve));
  const first = database.app.transaction(async (manager) => {
    const [loaded] = await sample.loader.load(manager, [sample.wake(id)]);
    locked();
    await holding;
    await sample.writer.write(manager, [{ loaded: loaded!, decision: sample.nextWrite(loaded!) }]);
  });
  await isLocked;
  const second = database.app.transaction((manager) => sample.loader.load(manager, [sample.wake(id)]));
  for (;;) {
    const [{ waiting }] = await database.owner.query(
      `SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (waiting > 0) break;
  }
  letGo();
  await first;
  const [loaded] = await second;
  expect(loaded!.enrolment!.seq).toBe(3);
  expect(foldRecordsOf(loaded!.enrolment!).map(({ seq }) => seq)).toEqual([2, 3]);
});

it("no personal text stands in the clear in any column", async () => {
  const tables = (await database.owner.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  )) as { name: string }[];
  const inTheClear: string[] = [];
  let rows = 0;
  for (const { name } of tables) {
    const found = (await database.owner.query(`SELECT t::text AS text FROM "${name}" t`)) as { text: string }[];
    rows += found.length;
    const bytesOf = (text: string) => Buffer.from(text).toString("hex");
    for (const { text } of found) {
      for (const personal of [sample.MARKER, "Müller", "Ánna", "1960-05-03", "AB 12", "a@example.org"]) {
        if (text.includes(personal) || text.includes(bytesOf(personal))) inTheClear.push(`${name}: ${personal}`);
      }
    }
  }
  expect(rows).toBeGreaterThan(50);
  expect(inTheClear).toEqual([]);
});
