import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { Queue } from "bullmq";
import { Board } from "../../src/operations/board.js";
import { openQueueStore, type QueueStore } from "../../src/platform/queues.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";

let database: TestDatabase;
let store: QueueStore;
let queue: Queue;
beforeAll(async () => {
  database = await createTestDatabase();
  store = await openQueueStore({ databaseUrl: database.url });
  queue = new Queue("timers", { connection: store.connection, prefix: store.prefix });
  await queue.waitUntilReady();
});
afterAll(async () => {
  await queue.close();
  await store.close();
  await database.drop();
});

it("the board shows a queue that PostgreSQL keeps", async () => {
  await queue.add("pathway/timer", { timerId: "t" }, { delay: 3_600_000, jobId: "t-1" });
  const board = new Board([queue], "/board");
  const ask = async (path: string, query = {}) => {
    const { status, body } = (await board.answer(path, query))!;
    return { status, body: JSON.parse(String(body)) };
  };
  const { status, body } = await ask("/api/queues", { activeQueue: "timers", status: "delayed" });
  expect(status).toBe(200);
  expect(body.queues[0]).toMatchObject({ name: "timers", counts: { delayed: 1, failed: 0 } });
  expect(body.queues[0].jobs).toEqual([expect.objectContaining({ id: "t-1", data: { timerId: "t" } })]);
  expect(await ask("/api/queues/timers/t-1")).toMatchObject({ status: 200, body: { job: { id: "t-1" } } });
  expect((await ask("/api/redis/stats")).body).toMatchObject({ backend: "postgres" });
  expect((await ask("/api/queues/others/t-1")).status).toBe(404);
});
