/** The room that the cache counts for an enrolment is what the process gives for it, the position with it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "@jest/globals";
import { openChart } from "../../src/engine/deciding/chart.js";
import type { Kept } from "../../src/engine/model/loaded.js";
import { HistoryCache } from "../../src/engine/storage/history-cache.js";
import { firstPathway } from "../core/first-pathway.js";
import { START as RADIOTHERAPY } from "./engine-world.js";
import { MemoryWorld } from "./memory-world.js";
import { DAY } from "./random-commands.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function memory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

// What the process can let go of is gone before anything is measured.
for (let round = 0; round < 3; round++) collectGarbage();

/** Bytes for each of so many. */
function takenBy(count: number, open: () => Kept): number {
  const histories: Kept[] = [open()];
  const before = memory();
  for (let index = 0; index < count; index++) histories.push(open());
  const taken = (memory() - before) / count;
  return histories.length > count ? taken : NaN;
}

/** The least room that it finds a place in. */
function roomOf(history: Kept): number {
  let bytes = 1;
  for (let step = 2 ** 24; step >= 1; step /= 2) {
    const cache = new HistoryCache(bytes + step - 1);
    cache.put(history);
    if (!cache.get(history.row.id)) bytes += step;
  }
  return bytes;
}

const volumes = Array.from({ length: 12 }, (_, index) => ({ name: `volume ${index}` }));
const SMALL = { type: "pain.scored", data: { index: 3, redFlags: [] } };
const LARGE = { type: "radiotherapy.started", data: { ...RADIOTHERAPY, volumes } };

it.each([
  { what: "nothing reported", event: SMALL, times: 0 },
  { what: "a few small events", event: SMALL, times: 20 },
  { what: "many small events", event: SMALL, times: 200 },
  { what: "large ones, set aside but the first", event: LARGE, times: 40 },
])("with $what", async ({ event, times }) => {
  const world = new MemoryWorld(firstPathway(), Date.UTC(2026, 0, 5, 9));
  const id = await world.enrol();
  for (let index = 0; index < times; index++) {
    world.now += DAY;
    const note = index % 3 === 0 ? { note: "As she said on the telephone yesterday evening" } : {};
    const command = world.reportCommand(id, { ...event, ...note, confirm: true }, { keepAside: true, reason: "Late" });
    expect(await world.one(command)).toMatchObject({ kind: "reported" });
  }
  const { pathway, calendar, now } = world;
  const open = (): Kept => {
    const kept = world.store.readAfresh(id);
    void openChart({ ...world.store.read(id), kept }, { pathway, calendar, now }).standing.setAside;
    return kept;
  };
  const count = Math.ceil(4000 / (times + 10));
  const taken = takenBy(count, open);
  const counted = roomOf(open());
  expect(counted).toBeGreaterThan(taken / 1.5);
  expect(counted).toBeLessThan(taken * 1.5);
});
