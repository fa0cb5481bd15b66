import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Command } from "../../src/engine/index.js";
import { TimerSweeper } from "../../src/timers/timer-sweeper.js";
import { secondEngine } from "./support/engine.js";
import { until } from "../support/until.js";
import { BACKENDS, Installation } from "./support/installation.js";
import { OwnRedis } from "./support/own-redis.js";

const allFired = (at: Installation, enrolments: string[]): Promise<unknown> =>
  until(
    async () =>
      (await Promise.all(enrolments.map((id) => at.firings(id, "soon")))).every((firings) => firings.length > 0),
    { what: "every timer to fire" },
  );

const named = (command: Command): string => (command.kind === "wake" ? command.enrolmentId : "");

const allOverdue = (at: Installation, count: number): Promise<unknown> =>
  until(
    async () => {
      const overdue = `SELECT FROM timer WHERE name = 'soon' AND status = 'pending'
        AND due_at < pathkeeper_now() - interval '200 milliseconds'`;
      return (await at.database.owner.query<unknown[]>(overdue)).length === count;
    },
    { what: "every timer to be overdue" },
  );

const wind = async (at: Installation, count: number): Promise<string[]> => {
  const enrolments: string[] = [];
  for (let n = 0; n < count; n++) {
    const id = await at.enrol();
    await at.report(id, "bell.wound");
    enrolments.push(id);
  }
  return enrolments;
};

describe.each(BACKENDS)("with BullMQ on %s and no worker", (backend) => {
  let at: Installation;
  beforeEach(async () => {
    at = await Installation.open(backend);
  });
  afterEach(() => at?.close());

  it("an emptied queue loses no timer", async () => {
    const enrolments = await wind(at, 3);
    await at.bells.settle();
    await at.queue.obliterate({ force: true });
    at.startSweeper();
    await allFired(at, enrolments);
    for (const id of enrolments) {
      expect(await at.firings(id, "soon")).toEqual([expect.objectContaining({ firedBy: "sweep" })]);
    }
    expect(await at.metric('pathkeeper_timers_fired_total{woken_by="sweep"}')).toBe(3);
  });

  it("several sweepers and a worker fire nothing twice", async () => {
    const enrolments = await wind(at, 20);
    for (let n = 0; n < 4; n++) at.startSweeper({ batch: 7, graceMs: 0 });
    at.startWorker();
    await allFired(at, enrolments);
    for (const id of enrolments) expect(await at.firings(id, "soon")).toHaveLength(1);
  });

  it("what one sweeper is waking another passes over, however long it takes", async () => {
    const enrolments = await wind(at, 3);
    await allOverdue(at, 3);
    const begun: string[] = [];
    let goOn!: () => void;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    at.startSweeper(
      { patienceMs: 60_000 },
      { execute: async (command) => (begun.push(named(command)), await held, at.engine.execute(command)) },
    );
    await until(() => begun.length === enrolments.length, { what: "the first sweeper at work" });
    const woken: string[] = [];
    const second = at.startSweeper(
      {},
      { execute: (command) => (woken.push(named(command)), at.engine.execute(command)) },
    );
    await second.sweep();
    await second.stop();
    expect(woken).toEqual([]);
    goOn();
    await allFired(at, enrolments);
  });

  it("sweepers of several processes share the work, and wake each enrolment once", async () => {
    const enrolments = await wind(at, 24);
    await allOverdue(at, 24);
    const woken: string[] = [];
    const engines = [at.engine, secondEngine(at.database, at.clock), secondEngine(at.database, at.clock)];
    for (const engine of engines) {
      const execute = (command: Command) => (woken.push(named(command)), engine.execute(command));
      at.startSweeper({ batch: 5, patienceMs: 60_000 }, { execute });
    }
    await allFired(at, enrolments);
    expect(woken.sort()).toEqual([...enrolments].sort());
    for (const id of enrolments) expect(await at.firings(id, "soon")).toHaveLength(1);
  });

  it("a claim is a lock on a share, so that many overdue timers need few", async () => {
    await wind(at, 24);
    await allOverdue(at, 24);
    let most = 0;
    const count = `SELECT count(*)::int AS count FROM pg_locks JOIN pg_database d ON d.oid = database
      WHERE locktype = 'advisory' AND datname = current_database()`;
    const sweeper = at.startSweeper(
      {},
      {
        execute: async (command) => {
          const [row] = await at.database.owner.query<{ count: number }[]>(count);
          most = Math.max(most, row!.count);
          return at.engine.execute(command);
        },
      },
    );
    await sweeper.sweep();
    await until(async () => (await at.metric('pathkeeper_timers_fired_total{woken_by="sweep"}')) === 24);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(16);
  });
});

describe("an enrolment that somebody holds for long", () => {
  it("holds up neither the pass nor the next one", async () => {
    const at = await Installation.open("postgres");
    const stuck = at.database.owner.createQueryRunner();
    try {
      const [held, ...others] = await wind(at, 6);
      await stuck.startTransaction();
      await stuck.query("SELECT FROM enrolment WHERE id = $1 FOR UPDATE", [held]);
      at.startSweeper({ patienceMs: 100, batch: 2 });
      await allFired(at, others);
      const later = await wind(at, 2);
      await allFired(at, later);
      expect(await at.firings(held!, "soon")).toEqual([]);
      await stuck.rollbackTransaction();
      await allFired(at, [held!]);
      for (const id of [held!, ...others, ...later]) expect(await at.firings(id, "soon")).toHaveLength(1);
    } finally {
      if (stuck.isTransactionActive) await stuck.rollbackTransaction();
      await stuck.release();
      await at.close();
    }
  });
});

describe("a process that no longer gets anything woken", () => {
  let at: Installation;
  beforeEach(async () => {
    at = await Installation.open("postgres");
  });
  afterEach(() => at?.close());

  it("lets go of its claims, so that another process fires everything", async () => {
    // More than are ever handed to the engine at once.
    const enrolments = await wind(at, 80);
    await allOverdue(at, 80);
    let begun = 0;
    const never = { execute: () => (begun++, new Promise<never>(() => undefined)) };
    const stuck = at.startSweeper({ patienceMs: 50, everyMs: 60_000 }, never);
    await until(() => begun === 64, { what: "no more room" });
    at.startSweeper();
    await allFired(at, enrolments);
    await stuck.stop();
  });

  it("lets go of them in time also where it is slow but does get on", async () => {
    const enrolments = await wind(at, 12);
    await allOverdue(at, 12);
    let woken = 0;
    const slow = {
      execute: (command: Command) => {
        woken += 1;
        for (const ends = performance.now() + 250; performance.now() < ends;);
        return at.engine.execute(command);
      },
    };
    await new TimerSweeper(at.reads, at.transactions, slow, { graceMs: 200, holdMs: 200 }).sweep();
    // One for each of the four times that it claims four of the sixteen shares.
    expect(woken).toBeLessThanOrEqual(4);
    at.startSweeper();
    await allFired(at, enrolments);
  });
});

describe("one enrolment's fault", () => {
  let at: Installation;
  beforeEach(async () => {
    at = await Installation.open("postgres");
  });
  afterEach(() => at?.close());

  it("does not keep the others from being woken, however many stand before them", async () => {
    const enrolments = await wind(at, 8);
    const broken = new Set(enrolments.slice(0, 5));
    at.startSweeper(
      { batch: 2 },
      {
        execute: (command: Command) =>
          command.kind === "wake" && broken.has(command.enrolmentId)
            ? Promise.reject(new Error("a broken history"))
            : at.engine.execute(command),
      },
    );
    await allFired(at, enrolments.slice(5));
    for (const id of broken) expect(await at.firings(id, "soon")).toEqual([]);
  });
});

describe("while Redis", () => {
  let redis: OwnRedis;
  let at: Installation;
  beforeEach(async () => {
    redis = await OwnRedis.reserve();
  });
  afterEach(async () => {
    redis.recover();
    await at.close();
    await redis.kill();
  });

  it("is not there at all, the engine answers and the sweeper fires", async () => {
    at = await Installation.open("redis", { redisUrl: redis.url });
    at.startWorker();
    at.startSweeper();
    const enrolments = await wind(at, 2);
    await allFired(at, enrolments);
    expect(await at.metric('pathkeeper_timers_fired_total{woken_by="sweep"}')).toBe(2);
    await redis.start();
    const later = await wind(at, 1);
    await until(async () => (await at.queue.getJobCounts("delayed"))["delayed"]! > 0, {
      what: "bells in the new Redis",
    });
    await allFired(at, later);
  });

  it("hangs, the engine answers at once and the sweeper fires", async () => {
    await redis.start();
    at = await Installation.open("redis", { redisUrl: redis.url });
    at.startWorker();
    at.startSweeper();
    await allFired(at, await wind(at, 1));
    redis.hang();
    const enrolments = await wind(at, 2);
    await allFired(at, enrolments);
    expect(await at.metric("pathkeeper_bells_waiting")).toBeGreaterThan(0);
    redis.recover();
    await until(async () => (await at.metric("pathkeeper_bells_waiting")) === 0, { what: "the bells that waited" });
    for (const id of enrolments) expect(await at.firings(id, "soon")).toHaveLength(1);
  });

  it("dies and comes back empty, the sweeper fires meanwhile and jobs do afterwards", async () => {
    await redis.start();
    at = await Installation.open("redis", { redisUrl: redis.url });
    at.startWorker();
    const sweeper = at.startSweeper();
    const before = await wind(at, 2);
    await redis.kill();
    await allFired(at, before);
    await redis.start();
    await until(() => at.store.isReachable(), { what: "a connection" });
    await sweeper.stop();
    const after = await wind(at, 2);
    await allFired(at, after);
    for (const id of after) expect(await at.firings(id, "soon")).toEqual([expect.objectContaining({ firedBy: "job" })]);
  });

  it("may drop jobs when memory is short, a warning says so", async () => {
    redis = await OwnRedis.reserve("--maxmemory-policy", "allkeys-lru");
    await redis.start();
    at = await Installation.open("redis", { redisUrl: redis.url });
    await until(() => at.store.isReachable(), { what: "a connection" });
    expect(await at.store.warning()).toMatch(/allkeys-lru .* noeviction/);
  });
});
