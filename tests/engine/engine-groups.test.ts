import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ENTITIES } from "../../src/entities.js";
import { assembleEngine } from "../../src/engine/assemble.js";
import type { Engine } from "../../src/engine/engine.js";
import type { AmendPatient, Command } from "../../src/engine/model/commands.js";
import { armCrashPoint } from "../../src/engine/crash-points.js";
import { MayBeDone, StoreAway } from "../../src/engine/store.js";
import { createDataSource } from "../../src/platform/database.js";
import { Reads } from "../../src/reads/index.js";
import { Sites } from "../../src/sites/index.js";
import { Proxy } from "../support/proxy.js";
import { until } from "../support/until.js";
import { done, key, LSP, problemOf, somebody, who, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const pain = (id: string, index = 1) => world.reportCommand(id, "pain.scored", { index, redFlags: [] });

/** The transaction that wrote an enrolment's newest record. */
async function writtenBy(id: string): Promise<string> {
  const [row] = await world.database.owner.query<{ xmin: string }[]>(
    `SELECT xmin::text FROM record WHERE enrolment_id = $1 ORDER BY seq DESC LIMIT 1`,
    [id],
  );
  return row!.xmin;
}

/** Somebody else in the midst of a transaction on an enrolment. */
async function hold(id: string): Promise<{ letGo(): Promise<void> }> {
  const runner = world.database.owner.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`SELECT FROM enrolment WHERE id = $1 FOR UPDATE`, [id]);
  return {
    async letGo() {
      await runner.rollbackTransaction();
      await runner.release();
    },
  };
}

it("what waits together is written in one transaction", async () => {
  const enrolled = await Promise.all(Array.from({ length: 8 }, () => world.enrol()));
  await Promise.all(enrolled.map(({ id }) => world.one(pain(id))));
  const transactions = new Set(await Promise.all(enrolled.map(({ id }) => writtenBy(id))));
  expect(transactions.size).toBe(2);
});

it("a fault is its command's own, and the others of its group are written together", async () => {
  const [bad, ...good] = await Promise.all(Array.from({ length: 6 }, () => world.enrol()));
  await world.database.owner.query(`UPDATE enrolment SET pathway_hash = 'ff' WHERE id = $1`, [bad!.id]);
  const outcomes = await Promise.allSettled([bad!, ...good].map(({ id }) => world.one(pain(id))));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", ...good.map(() => "fulfilled")]);
  const transactions = new Set(await Promise.all(good.map(({ id }) => writtenBy(id))));
  expect(transactions.size).toBe(2);
  for (const { id } of good) await world.expectConsistent(id);
});

it("one whose patient's key is destroyed keeps nobody else from being written", async () => {
  const [gone, ...good] = await Promise.all(Array.from({ length: 6 }, () => world.enrol()));
  await world.database.owner.query(
    `UPDATE patient SET wrapped_key = NULL WHERE id = (SELECT patient_id FROM enrolment WHERE id = $1)`,
    [gone!.id],
  );
  const command = (id: string): Command =>
    world.reportCommand(id, "pain.scored", { index: 1, note: "Worse at night.", redFlags: [] });
  const outcomes = await Promise.allSettled([gone!, ...good].map(({ id }) => world.one(command(id))));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", ...good.map(() => "fulfilled")]);
  for (const { id } of good) await world.expectConsistent(id);
});

it("a row that names another end than its history is told to its command, and can still be read", async () => {
  const [broken, ...good] = await Promise.all(Array.from({ length: 4 }, () => world.enrol()));
  await world.database.owner.query(`UPDATE enrolment SET seq = seq + 1 WHERE id = $1`, [broken!.id]);
  const [own, ...others] = await Promise.allSettled([broken!, ...good].map(({ id }) => world.one(pain(id))));
  expect(own).toMatchObject({ status: "rejected", reason: { name: "BrokenHistory" } });
  expect(others.map(({ status }) => status)).toEqual(good.map(() => "fulfilled"));
  const [read] = await world.loader.read(world.sql, [broken!.id]);
  expect(read?.row.id).toBe(broken!.id);
});

it("an enrolment that somebody else holds keeps nobody waiting, and is done once it is free", async () => {
  const [held, ...free] = await Promise.all(Array.from({ length: 5 }, () => world.enrol()));
  const holder = await hold(held!.id);
  let isDone = false;
  const waiting = Promise.all([1, 2, 3].map((index) => world.one(pain(held!.id, index)))).finally(
    () => (isDone = true),
  );
  for (let round = 0; round < 3; round++) await Promise.all(free.map(({ id }) => world.one(pain(id))));
  expect(isDone).toBe(false);
  await holder.letGo();
  const answers = (await waiting).map((answer) => done("reported", answer).event);
  expect(answers.map(({ data }) => data["index"])).toEqual([1, 2, 3]);
  for (const { id } of [held!, ...free]) await world.expectConsistent(id);
});

it("an enrolment that is never let go costs its own command seconds, and says so", async () => {
  const { id } = await world.enrol();
  const holder = await hold(id);
  await expect(world.one(pain(id))).rejects.toMatchObject({ code: "55P03" });
  await holder.letGo();
  done("reported", await world.one(pain(id)));
  await world.expectConsistent(id);
});

it("two processes that enrol the same patients at once enrol each of them once", async () => {
  const { engine: other } = assembleEngine({ ...world.ground, historyCacheBytes: 0 });
  const patients = Array.from({ length: 12 }, () => somebody());
  const enrol = (engine: Engine) => patients.map((patient) => engine.execute(world.enrolCommand({ patient })));
  const answers = await Promise.all([...enrol(world.engine), ...enrol(other)]);
  patients.forEach((_, index) => {
    const both = [answers[index]!, answers[index + patients.length]!];
    const { id } = done(
      "enrolled",
      both.find(({ kind }) => kind === "enrolled")!,
    ).snapshot;
    const refused = both.find(({ kind }) => kind === "refused")!;
    expect(problemOf(refused)).toMatchObject({ name: "duplicate-enrolment", enrolment: id });
  });
});

it("two enrolments of one patient, amended in two processes at once, lose nothing of either", async () => {
  const { engine: other } = assembleEngine({ ...world.ground, historyCacheBytes: 0 });
  const patient = somebody({ identifiers: [{ system: "mrn", value: "amended twice" }] });
  const first = await world.enrol({ patient });
  await world.report(first.id, "pathway.exited", { reason: "completed" });
  const second = await world.enrol({ patient });
  for (let round = 0; round < 20; round++) {
    const phone = `555-01${10 + round}`;
    const amend = (enrolmentId: string, changes: AmendPatient["changes"]): AmendPatient => ({
      ...{ kind: "amendPatient", actor: who("coordinator"), idempotency: key(), enrolmentId, changes },
    });
    const answers = await Promise.all([
      world.engine.execute(amend(first.id, { phone })),
      world.engine.execute(amend(second.id, { contactConsent: { sms: round % 2 === 0 } })),
      other.execute(amend(second.id, { email: `${round}@example.org` })),
    ]);
    for (const answer of answers) done("patient", answer);
    const [read] = await world.loader.read(world.sql, [first.id]);
    expect(read!.patient.reveal()).toMatchObject({
      ...{ phone, email: `${round}@example.org`, contactConsent: { sms: round % 2 === 0 } },
    });
  }
});

describe("while the database is away", () => {
  let proxy: Proxy;
  let engine: Engine;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const through = await Proxy.before(world.database.url);
    proxy = through.proxy;
    const dataSource = await createDataSource(through.url, { role: "app", entities: ENTITIES }).initialize();
    ({ engine } = assembleEngine({ ...world.ground, dataSource, calendars: new Sites(new Reads(dataSource)) }));
    close = () => dataSource.destroy();
  });
  afterAll(async () => {
    await close();
    await proxy.close();
  });

  it("nobody tries again what may have been committed: it is on record once", async () => {
    const enrolled = await Promise.all(Array.from({ length: 6 }, () => world.enrol()));
    const reports = enrolled.map(({ id }) => pain(id));
    // It has its rules and its connections.
    done("reported", await engine.execute(pain((await world.enrol()).id)));
    // A second attempt without a key would be a second record.
    const keyless = reports.map(({ idempotency: _, ...report }) => report);
    const disarm = armCrashPoint("engine.beforeCommit", () => proxy.deafen());
    const attempts = Promise.allSettled(keyless.map((report) => engine.execute(report)));
    const recorded = async (): Promise<number[]> =>
      Promise.all(enrolled.map(async ({ id, seq }) => (await world.history(id)).at(-1)!.seq - seq));
    // One group is committed; the other hears nothing before it comes to that.
    const commits = async () => (await recorded()).filter((count) => count === 1).length;
    await until(async () => (await commits()) === 3, { what: "the commits of a group" });
    await proxy.close();
    const reasons = (await attempts).map((outcome) => outcome.status === "rejected" && (outcome.reason as unknown));
    disarm();
    await proxy.open();
    const isRecorded = (await recorded()).map((count) => count === 1);
    expect(isRecorded.filter(Boolean)).toHaveLength(3);
    expect(reasons.map((reason) => reason instanceof MayBeDone)).toEqual(isRecorded);
    for (const { id } of enrolled) await world.expectConsistent(id);
  });

  it("everybody who waits is told, nothing of it is done, and it goes on when it is back", async () => {
    const enrolled = await Promise.all(Array.from({ length: 50 }, () => world.enrol()));
    const reports = enrolled.map(({ id }) => pain(id));
    await proxy.close();
    const outcomes = await Promise.allSettled(reports.map((report) => engine.execute(report)));
    for (const outcome of outcomes) {
      expect(outcome.status === "rejected" && outcome.reason).toBeInstanceOf(StoreAway);
    }
    await proxy.open();
    const first = await until(() => engine.execute(reports[0]!).catch(() => null), { what: "the database" });
    const answers = [first, ...(await Promise.all(reports.slice(1).map((report) => engine.execute(report))))];
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(["reported"]));
    expect(answers.map((answer) => done("reported", answer).event.seq)).toEqual(enrolled.map(({ seq }) => seq + 1));
  });
});

it("nobody is enrolled on a pathway that is not published, beside somebody who is", async () => {
  const commands = [world.enrolCommand({ pathway: "none" }), world.enrolCommand({ pathway: LSP })];
  const [none, one] = await Promise.all(commands.map((command) => world.one(command)));
  expect(problemOf(none!)).toMatchObject({ name: "invalid-data", errors: [{ pointer: "/pathway" }] });
  done("enrolled", one!);
});
