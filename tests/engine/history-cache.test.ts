import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { assembleEngine, type EngineParts } from "../../src/engine/assemble.js";
import { armCrashPoint } from "../../src/engine/crash-points.js";
import type { Answer } from "../../src/engine/model/answer.js";
import type { Kept } from "../../src/engine/model/loaded.js";
import { HistoryCache } from "../../src/engine/storage/history-cache.js";
import { assessment, at, done, somebody, START, World } from "./engine-world.js";
import { told } from "./told.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-09-01T10:00:00Z")));
afterAll(() => world.drop());

const DAY = 86_400_000;
const ENROLLED = at("2026-03-01T09:00:00Z");

/** One more process on the same database. */
const process = (historyCacheBytes: number): EngineParts => assembleEngine({ ...world.ground, historyCacheBytes });

const enrol = (): Promise<{ id: string }> => world.enrol({ occurredAt: ENROLLED });
const pain = (id: string, index: number, occurredAt?: number) =>
  world.reportCommand(id, "pain.scored", { index, redFlags: [] }, { occurredAt });

async function reported({ engine }: EngineParts, command: ReturnType<World["reportCommand"]>) {
  return done("reported", await engine.execute(command));
}

/** What the process goes on from is what is on record. */
async function expectSameAsAfresh(parts: EngineParts, id: string): Promise<void> {
  const [[kept], [afresh]] = await Promise.all([
    parts.loader.read(world.sql, [id]),
    world.loader.read(world.sql, [id]),
  ]);
  const { seq, lastHash, row, entries, firings, pins } = afresh!;
  expect(kept).toMatchObject({ seq, lastHash, row, entries, firings, pins });
  await world.expectConsistent(id);
}

/** A course of somebody like nobody else, with late reports, corrections and pauses; gives what was answered. */
async function course({ engine }: EngineParts): Promise<unknown[]> {
  const answers: Answer[] = [];
  const patient = somebody({ givenName: randomUUID() });
  const enrolled = await engine.execute(world.enrolCommand({ patient, occurredAt: ENROLLED }));
  const { id } = done("enrolled", enrolled).snapshot;
  answers.push(enrolled);
  const start = done("reported", await engine.execute(world.reportCommand(id, "radiotherapy.started", START)));
  const commands = [
    ...Array.from({ length: 12 }, (_, index) => pain(id, index % 11, ENROLLED + ((index * 5) % 12) * DAY + DAY)),
    world.correctCommand(id, start.event.seq, { occurredAt: ENROLLED + DAY }),
    world.reportCommand(id, "response.assessed", assessment("improved"), { occurredAt: ENROLLED + 150 * DAY }),
    world.reportCommand(id, "pathway.paused", { reason: "Away" }, { occurredAt: ENROLLED + 60 * DAY }),
    world.correctCommand(id, start.event.seq, { strikeOut: true, acceptConsequences: true }),
    world.correctCommand(id, start.event.seq, { strikeOut: false, acceptConsequences: true }),
    world.reportCommand(id, "pathway.exited", { reason: "completed" }),
  ];
  for (const command of commands) answers.push(await engine.execute(command), await engine.execute(command));
  await world.expectConsistent(id);
  return answers.map(told);
}

it("what is kept changes no answer: nothing, a little and plenty give the same", async () => {
  const [nothing, little, plenty] = [process(0), process(20_000), process(2 ** 24)];
  const answers = await course(nothing);
  expect(await course(little)).toEqual(answers);
  expect(await course(plenty)).toEqual(answers);
});

it("processes that take turns on one enrolment see what the others wrote", async () => {
  const processes = [process(2 ** 20), process(2 ** 20), process(0)];
  const { id } = await enrol();
  let seq = (await world.history(id)).length;
  const turns = [0, 1, 0, 0, 1, 2, 1, 0, 2, 2, 1, 1, 0, 1, 0, 2];
  for (const [index, turn] of turns.entries()) {
    // Each knows which record is the newest.
    const command = { ...pain(id, index % 11, ENROLLED + (index + 1) * DAY), ifSeq: seq };
    const answer = await reported(processes[turn]!, command);
    expect(answer.event.seq).toBe(seq + 1);
    ({ seq } = answer.snapshot);
  }
  for (const each of processes) await expectSameAsAfresh(each, id);
});

it("processes that meet on one enrolment at once write one history", async () => {
  const processes = [process(2 ** 20), process(2 ** 20), process(0)];
  const { id } = await enrol();
  const reports = Array.from({ length: 24 }, (_, index) =>
    reported(processes[index % 3]!, pain(id, index % 11, ENROLLED + (index + 1) * DAY)),
  );
  const answers = await Promise.all(reports);
  expect(new Set(answers.map(({ event }) => event.seq)).size).toBe(24);
  for (const each of processes) await expectSameAsAfresh(each, id);
});

it("an old key is answered from what is kept, its own record and what was told of tasks", async () => {
  const parts = process(2 ** 20);
  const { id } = await enrol();
  const reports = [
    world.reportCommand(id, "radiotherapy.started", START),
    ...Array.from({ length: 10 }, (_, index) => pain(id, index)),
  ];
  const answers: Awaited<ReturnType<typeof reported>>[] = [];
  for (const report of reports) answers.push(await reported(parts, report));
  const replayed = async (place: number) => {
    const [loaded] = await parts.loader.load(world.sql, [reports.at(place)!], { wait: true });
    const own = answers.at(place)!.event.seq;
    return { own: loaded!.replayed!.filter(({ seq }) => seq === own).length, all: loaded!.replayed! };
  };
  const newest = await replayed(-1);
  expect({ own: newest.own, all: newest.all.length }).toEqual({ own: 1, all: 1 });
  const older = await replayed(-2);
  expect(older.own).toBe(1);
  expect(older.all.filter(({ kind }) => kind !== "task")).toHaveLength(1);
  for (const [place, report] of reports.entries()) {
    expect(JSON.stringify(await reported(parts, report))).toBe(JSON.stringify(answers[place]));
    expect(JSON.stringify(await reported(process(0), report))).toBe(JSON.stringify(answers[place]));
  }
});

it("what was rolled back leaves nothing behind", async () => {
  const parts = process(2 ** 20);
  const enrolled = await Promise.all(Array.from({ length: 6 }, enrol));
  for (const { id } of enrolled) await reported(parts, pain(id, 1));
  const reports = enrolled.map(({ id }) => pain(id, 2));
  for (const point of ["engine.beforeWrite", "engine.beforeCommit"] as const) {
    const disarm = armCrashPoint(point, () => {
      throw new Error("Everything fails");
    });
    const outcomes = await Promise.allSettled(reports.map((report) => parts.engine.execute(report)));
    disarm();
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    for (const { id } of enrolled) await expectSameAsAfresh(parts, id);
  }
  for (const report of reports) await reported(parts, report);
  for (const { id } of enrolled) await expectSameAsAfresh(parts, id);
});

describe("a database that was restored to an earlier state", () => {
  const ROWS = ["record", "task", "timer", "enrolment"] as const;
  const keyOf = (table: (typeof ROWS)[number]): string => (table === "enrolment" ? "id" : "enrolment_id");

  /** Saves the rows of an enrolment; gives what puts them back. */
  async function save(id: string): Promise<() => Promise<void>> {
    const { owner } = world.database;
    for (const table of ROWS) {
      await owner.query(`DROP TABLE IF EXISTS saved_${table}`);
      await owner.query(`CREATE TABLE saved_${table} AS SELECT * FROM ${table} WHERE ${keyOf(table)} = '${id}'`);
    }
    return async () => {
      await owner.query(`ALTER TABLE record DISABLE TRIGGER USER`);
      for (const table of ROWS) await owner.query(`DELETE FROM ${table} WHERE ${keyOf(table)} = $1`, [id]);
      for (const table of ROWS) await owner.query(`INSERT INTO ${table} SELECT * FROM saved_${table}`);
      await owner.query(`ALTER TABLE record ENABLE TRIGGER USER`);
    };
  }

  it.each([
    { what: "with nothing since", since: 0 },
    { what: "with as many other records since", since: 3 },
    { what: "with more other records since", since: 5 },
  ])("is noticed, $what", async ({ since }) => {
    const [parts, other] = [process(2 ** 20), process(0)];
    const { id } = await enrol();
    await reported(parts, pain(id, 1));
    const restore = await save(id);
    for (const index of [2, 3, 4]) await reported(parts, pain(id, index));
    const { seq: lost } = await world.view(id);
    await restore();
    for (let index = 0; index < since; index++) await reported(other, pain(id, 10 - index));
    const { seq: found } = await world.view(id);
    expect(Math.sign(found - lost)).toBe(Math.sign(since - 3));
    const { event } = await reported(parts, pain(id, 5));
    expect(event.seq).toBe(found + 1);
    await expectSameAsAfresh(parts, id);
    const indexes = (await world.history(id)).flatMap(({ type, data }) =>
      type === "pain.scored" ? [data!["index"]] : [],
    );
    expect(indexes).toEqual([1, ...[10, 9, 8, 7, 6].slice(0, since), 5]);
  });
});

describe("by itself", () => {
  let histories: Kept[];
  beforeAll(async () => {
    const enrolled = await Promise.all(Array.from({ length: 4 }, enrol));
    histories = (
      await world.loader.read(
        world.sql,
        enrolled.map(({ id }) => id),
      )
    ).map((loaded) => loaded!.kept);
  });

  const isKept = (cache: HistoryCache): boolean[] => histories.map(({ row }) => cache.get(row.id) !== undefined);

  it("it is bounded, and forgets the least used first", () => {
    const each = bytesOf(histories[0]!);
    const cache = new HistoryCache(each * 3);
    for (const history of histories.slice(0, 3)) cache.put(history);
    expect(isKept(cache)).toEqual([true, true, true, false]);
    cache.get(histories[0]!.row.id);
    cache.put(histories[3]!);
    expect(isKept(cache)).toEqual([true, false, true, true]);
  });

  it("it keeps nothing that is larger than all of it, and nothing at all with no room", () => {
    const cache = new HistoryCache(bytesOf(histories[0]!) - 1);
    cache.put(histories[0]!);
    expect(isKept(cache)).toEqual([false, false, false, false]);
  });

  it("it gives up no newer history for an older one", () => {
    const cache = new HistoryCache(2 ** 20);
    const [older] = histories;
    const newer = { ...older!, seq: older!.seq + 1 };
    cache.put(newer);
    cache.put(older!);
    expect(cache.get(older!.row.id)).toBe(newer);
  });

  it("what was forgotten makes room", () => {
    const cache = new HistoryCache(bytesOf(histories[0]!));
    for (let round = 0; round < 3; round++) {
      for (const history of histories) {
        cache.put(history);
        expect(cache.get(history.row.id)).toBe(history);
        cache.forget(history.row.id);
        cache.forget(history.row.id);
      }
    }
  });

  /** The least room that it finds a place in. */
  function bytesOf(history: Kept): number {
    let bytes = 1;
    for (let step = 2 ** 20; step >= 1; step /= 2) {
      const cache = new HistoryCache(bytes + step - 1);
      cache.put(history);
      if (!cache.get(history.row.id)) bytes += step;
    }
    return bytes;
  }
});
