import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { CommitListener } from "../../src/engine/index.js";
import { Broadcast } from "../../src/platform/broadcast.js";
import { urlForRole } from "../../src/platform/database.js";
import { Announcer, EVERYTHING } from "../../src/stream/announcer.js";
import { type Change, unpack } from "../../src/stream/changes.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { Proxy } from "../support/proxy.js";
import { until } from "../support/until.js";

const change = (seq = 1): Change => ({ enrolmentId: randomUUID(), siteId: "main", seq, taskIds: [randomUUID()] });

describe("what was committed is told to all processes", () => {
  let database: TestDatabase;
  let proxy: Proxy;
  let announcer: Announcer;
  let hearer: Broadcast;
  let commit: CommitListener;
  const heard: string[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    const away = await Proxy.before(database.url);
    proxy = away.proxy;
    announcer = new Announcer(new Broadcast(urlForRole(away.url, "app")), {
      listen: (listener) => (commit = listener),
    });
    hearer = new Broadcast(urlForRole(database.url, "app"));
    hearer.listen({ heard: (_, body) => void (body && heard.push(body)), gap: () => undefined });
    await hearer.start();
    await announcer.start();
  });
  afterAll(async () => {
    await announcer.close();
    await hearer.close();
    await proxy.close();
    await database.drop();
  });
  const told = (): Change[] => heard.filter((body) => body !== EVERYTHING).flatMap(unpack);
  const commitAll = (changes: readonly Change[]): void =>
    commit(changes.map((one) => ({ ...one, taskIds: [...one.taskIds], timers: [], fired: [] })));

  it("a group in few messages, each enrolment once", async () => {
    const changes = Array.from({ length: 1_000 }, () => change());
    commitAll(changes);
    await until(() => told().length === changes.length);
    expect(told()).toEqual(changes);
    expect(heard.length).toBeLessThan(40);
  });

  it("later, where the connection is away meanwhile: the newest of each enrolment", async () => {
    await proxy.close();
    heard.length = 0;
    const first = change(4);
    commitAll([first]);
    commitAll([{ ...first, seq: 5, taskIds: ["another"] }, change()]);
    await proxy.open();
    const last = () => told().find(({ enrolmentId, seq }) => enrolmentId === first.enrolmentId && seq === 5);
    expect((await until(last)).taskIds).toEqual([...first.taskIds, "another"]);
    await until(() => told().length >= 2);
  });

  it("as everything, where more is waiting than is kept", async () => {
    await proxy.close();
    heard.length = 0;
    for (let n = 0; n < 21; n += 1) commitAll(Array.from({ length: 1_000 }, () => change()));
    expect(heard).toEqual([]);
    await proxy.open();
    await until(() => heard.includes(EVERYTHING));
  });

  it("before the end, what was committed last", async () => {
    const last = change();
    commitAll([last]);
    await announcer.close();
    await until(() => told().some(({ enrolmentId }) => enrolmentId === last.enrolmentId));
  });
});
