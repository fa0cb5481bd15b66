import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { DataSource, QueryRunner } from "typeorm";
import { ENTITIES } from "../../src/entities.js";
import { assembleEngine } from "../../src/engine/assemble.js";
import type { Engine } from "../../src/engine/engine.js";
import { armCrashPoint } from "../../src/engine/crash-points.js";
import { MayBeDone, StoreAway } from "../../src/engine/store.js";
import { problemOf } from "../../src/http/problem-answer.js";
import { createDataSource, type DataSourceSettings } from "../../src/platform/database.js";
import { isPoolFull } from "../../src/platform/database-faults.js";
import { Reads } from "../../src/reads/index.js";
import { Sites } from "../../src/sites/index.js";
import { Proxy } from "../support/proxy.js";
import { until } from "../support/until.js";
import { done, World } from "./engine-world.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const pain = (id: string) => world.reportCommand(id, "pain.scored", { index: 1, redFlags: [] });
const enrolled = (count: number) => Promise.all(Array.from({ length: count }, () => world.enrol()));

/** What became of each; null where it was done. */
async function faultsOf(attempts: readonly Promise<unknown>[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(attempts);
  return outcomes.map((outcome) => (outcome.status === "rejected" ? (outcome.reason as unknown) : null));
}

/** Another process, which may come another way. */
async function engineBy(url: string, settings: Omit<DataSourceSettings, "role">) {
  const dataSource = await createDataSource(url, { role: "app", entities: ENTITIES, ...settings }).initialize();
  const { engine } = assembleEngine({ ...world.ground, dataSource, calendars: new Sites(new Reads(dataSource)) });
  return { dataSource, engine };
}

describe("a database that falls silent and hangs up on nobody", () => {
  const ANSWER_MS = 700;
  let proxy: Proxy;
  let dataSource: DataSource;
  let engine: Engine;
  beforeEach(async () => {
    const through = await Proxy.before(world.database.url);
    proxy = through.proxy;
    ({ dataSource, engine } = await engineBy(through.url, { answerMs: ANSWER_MS }));
    // It has its rules and its connections.
    const warm = await enrolled(8);
    await Promise.all(warm.map(({ id }) => engine.execute(pain(id))));
  });
  afterEach(async () => {
    proxy.speak();
    await dataSource.destroy();
    await proxy.close();
  });

  it("is told to everybody who waits, at once and once, and it goes on when it is back", async () => {
    const patients = await enrolled(50);
    const reports = patients.map(({ id }) => pain(id));
    proxy.fallSilent();
    const begun = performance.now();
    const faults = await faultsOf(reports.map((report) => engine.execute(report)));
    expect(performance.now() - begun).toBeLessThan(10 * ANSWER_MS);
    expect(faults.every((fault) => fault instanceof StoreAway)).toBe(true);
    // Whoever is under way on one of two connections hears it there; all the others hear what one of them heard.
    expect(new Set(faults).size).toBeLessThanOrEqual(2);
    proxy.speak();
    const first = await until(() => engine.execute(reports[0]!), { what: "the database" });
    const others = await Promise.all(reports.slice(1).map((report) => engine.execute(report)));
    const seqs = [first, ...others].map((answer) => done("reported", answer).event.seq);
    expect(seqs).toEqual(patients.map(({ seq }) => seq + 1));
  });

  it.each([
    { point: "engine.beforeWrite", fault: StoreAway, is: "surely not done" },
    { point: "engine.beforeCommit", fault: MayBeDone, is: "in doubt" },
  ] as const)("at $point leaves what was to be written $is", async ({ point, fault }) => {
    const { id, seq } = await world.enrol();
    const disarm = armCrashPoint(point, () => proxy.fallSilent());
    expect(await faultsOf([engine.execute(pain(id))])).toEqual([expect.any(fault)]);
    disarm();
    proxy.speak();
    const answer = await until(() => engine.execute(pain(id)), { what: "the database" });
    expect(done("reported", answer).event.seq).toBe(seq + 1);
  });

  it("lets no connection that it cut go back to the pool", async () => {
    proxy.fallSilent();
    const one = dataSource.createQueryRunner();
    const client = (await one.connect()) as { query(text: string): Promise<unknown> };
    const faults = await faultsOf([client.query("SELECT 1"), client.query("SELECT 2")]);
    await one.release();
    expect(faults).toEqual([
      expect.objectContaining({ code: "ETIMEDOUT" }),
      expect.objectContaining({ code: "ETIMEDOUT" }),
    ]);
    expect(problemOf(faults[0])?.name).toBe("unavailable");
    const again = dataSource.createQueryRunner();
    expect(await again.connect()).not.toBe(client);
    await again.release();
  });
});

it("a host that vanished in the midst of a transaction costs others seconds, not its locks for ever", async () => {
  const { proxy, url } = await Proxy.before(world.database.url);
  const { dataSource: vanishing } = await engineBy(url, {});
  const { id, seq } = await world.enrol();
  const runner = vanishing.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`SET LOCAL idle_in_transaction_session_timeout = '300ms'`);
  await runner.query(`SELECT FROM enrolment WHERE id = $1 FOR UPDATE`, [id]);
  proxy.fallSilent();
  // Else it would hear that the row was not to be had in time.
  expect(done("reported", await world.one(pain(id))).event.seq).toBe(seq + 1);
  proxy.speak();
  await runner.release();
  await vanishing.destroy();
  await proxy.close();
});

describe("a process all of whose connections are taken", () => {
  let dataSource: DataSource;
  let engine: Engine;
  let holders: QueryRunner[];
  beforeEach(async () => {
    ({ dataSource, engine } = await engineBy(world.database.url, { poolSize: 2, connectMs: 300 }));
    done("reported", await engine.execute(pain((await world.enrol()).id)));
    holders = [dataSource.createQueryRunner(), dataSource.createQueryRunner()];
    await Promise.all(holders.map((holder) => holder.connect()));
  });
  afterEach(() => dataSource.destroy());

  it("says so, which is not that the database is away, and goes on when one is free", async () => {
    const patients = await enrolled(6);
    const begun = performance.now();
    const faults = await faultsOf(patients.map(({ id }) => engine.execute(pain(id))));
    expect(performance.now() - begun).toBeLessThan(10 * 300);
    expect(faults.map(isPoolFull)).toEqual(patients.map(() => true));
    const away = problemOf(new StoreAway(null))!;
    expect(problemOf(faults[0])).toMatchObject({
      name: "unavailable",
      detail: expect.stringContaining("No connection"),
    });
    expect(problemOf(faults[0])!.detail).not.toBe(away.detail);
    await Promise.all(holders.map((holder) => holder.release()));
    const answers = await Promise.all(patients.map(({ id }) => engine.execute(pain(id))));
    expect(answers.map((answer) => done("reported", answer).event.seq)).toEqual(patients.map(({ seq }) => seq + 1));
  });

  it("tells those of a group, and nobody who waits behind it", async () => {
    const { id } = await world.enrol();
    const first = engine.execute(pain(id));
    const behind = engine.execute(pain(id));
    expect(isPoolFull((await faultsOf([first]))[0])).toBe(true);
    await Promise.all(holders.map((holder) => holder.release()));
    done("reported", await behind);
  });

  it("tells somebody who is to be enrolled the same", async () => {
    const faults = await faultsOf([
      engine.execute(world.enrolCommand()),
      engine.execute(pain((await world.enrol()).id)),
    ]);
    expect(faults.map(isPoolFull)).toEqual([true, true]);
    await Promise.all(holders.map((holder) => holder.release()));
  });
});
