import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import type { EntityManager } from "typeorm";
import { inTransaction } from "../../src/engine/storage/transaction.js";
import { RolledBack } from "../../src/platform/commit.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const sites = async (): Promise<string[]> =>
  (await database.app.query<{ id: string }[]>(`SELECT id FROM site ORDER BY id`)).map(({ id }) => id);
let before: string[];
beforeEach(async () => {
  before = await sites();
});

let count = 0;
const insert = async (manager: EntityManager): Promise<string> => {
  const id = `site-${++count}`;
  await manager.query(`INSERT INTO site VALUES ($1, 'Any', '{}', pathkeeper_now())`, [id]);
  return id;
};
const backend = async (manager: EntityManager): Promise<{ pid: number; alone: boolean }> => {
  const [row] = await manager.query<{ pid: number; alone: boolean }[]>(
    `SELECT pg_backend_pid() AS pid, now() = statement_timestamp() AS alone`,
  );
  return row!;
};

it("does both steps in one transaction and commits them", async () => {
  const [load, act, id] = await inTransaction(database.app, {
    load: backend,
    act: async (manager, read) => [read, await backend(manager), await insert(manager)] as const,
  });
  expect(act).toEqual({ pid: load.pid, alone: false });
  expect(await sites()).toEqual([...before, id].sort());
});

it("leaves nothing of what failed, wherever it failed, and a connection that others can use", async () => {
  const insertAnd = (next: (manager: EntityManager) => unknown) => async (manager: EntityManager) => {
    await insert(manager);
    await next(manager);
  };
  const throwing = (): never => {
    throw new Error("no");
  };
  const failing = [
    { load: async () => throwing(), act: insert },
    { load: backend, act: insertAnd(throwing) },
    { load: backend, act: insertAnd((manager) => manager.query("SELECT no")) },
  ];
  for (const steps of failing) {
    for (let n = 0; n < 12; n++)
      await expect(inTransaction<unknown, unknown>(database.app, steps)).rejects.toThrow("no");
  }
  expect(await sites()).toEqual(before);
  await inTransaction(database.app, { load: backend, act: insert });
  expect(await sites()).toHaveLength(before.length + 1);
});

it("throws where somebody kept to himself that a statement had failed, since nothing of it is committed", async () => {
  const act = async (manager: EntityManager): Promise<void> => {
    await insert(manager);
    await manager.query("SELECT no").catch(() => undefined);
  };
  await expect(inTransaction(database.app, { load: backend, act })).rejects.toBeInstanceOf(RolledBack);
  expect(await sites()).toEqual(before);
});

it("writes nothing after its connection was ended, and the next one works", async () => {
  const ended = inTransaction(database.app, {
    load: backend,
    act: async (manager, { pid }) => {
      await insert(manager);
      await database.owner.query(`SELECT pg_terminate_backend($1)`, [pid]);
      return insert(manager);
    },
  });
  await expect(ended).rejects.toThrow();
  expect(await sites()).toEqual(before);
  await inTransaction(database.app, { load: backend, act: insert });
  expect(await sites()).toHaveLength(before.length + 1);
});
