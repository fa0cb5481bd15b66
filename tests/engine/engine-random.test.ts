import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { assembleEngine } from "../../src/engine/assemble.js";
import { makeDice } from "./dice.js";
import { assessment, at, key, World } from "./engine-world.js";
import { DAY, OF_FIRST_PATHWAY } from "./random-commands.js";

let world: World;
beforeAll(async () => void (world = await World.make("2026-03-02T10:00:00Z")));
afterAll(() => world.drop());

/** Byte for byte what a process tells that goes on from what it keeps, and one that reads all of it. */
async function expectSameTold(id: string, somewhen: number): Promise<void> {
  const { engine, views: afresh } = assembleEngine({ ...world.ground, historyCacheBytes: 0 });
  for (const moment of [{}, { asOf: somewhen }, { knownAt: somewhen }]) {
    const [kept, read] = await Promise.all([world.views, afresh].map((views) => views.snapshot(world.sql, id, moment)));
    expect(JSON.stringify(kept)).toBe(JSON.stringify(read));
  }
  const tried = {
    occurredAt: somewhen,
    acceptConsequences: true,
    reason: "Random",
    dryRun: true,
    idempotency: undefined,
  };
  const command = world.reportCommand(id, "response.assessed", assessment("worse"), tried);
  const [kept, read] = [await world.one(command), await engine.execute(command)];
  expect(JSON.stringify(kept)).toBe(JSON.stringify(read));
}

it.each([1, 2, 3])(
  "whatever is reported late, kept aside, corrected and paused, the rows say what a whole fold says (%d)",
  async (seed) => {
    await world.clock.set("2026-03-02T10:00:00Z");
    const dice = makeDice(seed);
    const start = at("2026-03-01T10:00:00Z");
    const { id } = await world.enrol({ occurredAt: start });
    for (let step = 0; step < 30; step++) {
      await world.clock.advance(dice(12) * DAY + dice(1000) + 1);
      const age = world.clock.now() - start;
      const somewhen = start + Math.floor((age * (dice(1000) + 1)) / 1001);
      const choice = dice(10);
      if (choice < 2) {
        const events = (await world.history(id)).filter(({ kind, seq }) => kind === "event" && seq > 1);
        const event = events[dice(Math.max(1, events.length))];
        if (!event) continue;
        const change = [{ occurredAt: somewhen }, { strikeOut: true }, { strikeOut: false }][dice(3)]!;
        await world.tryCorrect(id, event.seq, { ...change, acceptConsequences: true });
      } else if (choice < 3) {
        await world.wake(id);
      } else {
        const [type, data] = OF_FIRST_PATHWAY[dice(OF_FIRST_PATHWAY.length)]!;
        const place = dice(3) === 0 ? { occurredAt: somewhen } : {};
        const given = { ...place, acceptConsequences: true, keepAside: dice(2) === 0, reason: "Random" };
        const command = world.reportCommand(id, type, data, { ...given, idempotency: key() });
        const answer = await world.one(command);
        expect(await world.one(command)).toEqual(answer);
      }
      await world.expectConsistent(id);
      await expectSameTold(id, start + Math.floor((age * dice(1000)) / 1000));
    }
    await world.report(id, "pathway.exited", { reason: "completed" });
    await world.expectConsistent(id);
  },
);
