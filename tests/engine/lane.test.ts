import { describe, expect, it } from "@jest/globals";
import type { Outcome } from "../../src/engine/lane.js";
import { makeDice } from "./dice.js";
import { Away, Bench, LostRace, MayBeDone, names } from "./lane-bench.js";

describe("L1 those that may meet are never under way together, and go in their order", () => {
  it("the later waits for the earlier, and others go on", async () => {
    const bench = new Bench();
    for (const name of ["a1", "a2", "a3"]) void bench.submit(name, "a");
    void bench.submit("b1", "b");
    await bench.settle();
    expect(bench.atWork).toEqual([["a1"], ["b1"]]);
    bench.running[0]!.answer();
    await bench.settle();
    expect(bench.atWork).toEqual([["b1"], ["a2"]]);
    void bench.submit("a4", "a");
    await bench.finish();
    expect(bench.told).toEqual(["a1 done", "b1 done", "a2 done", "a3 done", "a4 done"]);
  });

  it("who came later does not overtake those that waited for the place", async () => {
    const bench = new Bench();
    for (const name of ["a1", "a2"]) void bench.submit(name, "a");
    await bench.settle();
    const [first] = bench.running;
    for (const name of names(5)) void bench.submit(name);
    void bench.submit("a3", "a");
    first!.answer();
    await bench.finish();
    expect(bench.told.filter((line) => line.startsWith("a"))).toEqual(["a1 done", "a2 done", "a3 done"]);
  });

  it("whoever waited for a place goes before everybody who came later", async () => {
    const bench = new Bench();
    void bench.submit("a1", "a");
    await bench.settle();
    void bench.submit("a2", "a");
    for (const name of names(400)) void bench.submit(name);
    await bench.settle();
    bench.running[0]!.answer();
    await bench.settle();
    expect(bench.running.at(-1)!.names[0]).toBe("a2");
    await bench.finish();
  });

  it("the order holds in each of several places", async () => {
    const bench = new Bench();
    void bench.submit("first", "a", "b");
    void bench.submit("second", "b");
    void bench.submit("third", "a", "b");
    await bench.finish();
    expect(bench.told).toEqual(["first done", "second done", "third done"]);
  });

  it("who waits in one place lets nobody overtake in another", async () => {
    const bench = new Bench();
    void bench.submit("first", "a");
    void bench.submit("second", "a", "b");
    void bench.submit("third", "b");
    await bench.settle();
    expect(bench.atWork).toEqual([["first"]]);
    await bench.finish();
    expect(bench.told).toEqual(["first done", "second done", "third done"]);
  });

  it("a place stays taken while its command goes alone", async () => {
    const bench = new Bench();
    for (const name of ["a1", "a2"]) void bench.submit(name, "a");
    await bench.settle();
    bench.running[0]!.answer({ a1: { kind: "locked" } });
    await bench.settle();
    expect(bench.atWork).toEqual([["a1"]]);
    await bench.finish();
    expect(bench.told).toEqual(["a1 done", "a2 done"]);
  });
});

describe("L2 whatever waits goes together", () => {
  it("who is alone goes alone, at once", async () => {
    const bench = new Bench();
    void bench.submit("only");
    await new Promise(setImmediate);
    expect(bench.atWork).toEqual([["only"]]);
    await bench.finish();
  });

  it("two transactions overlap, and there is no third", async () => {
    const bench = new Bench();
    for (const name of names(6)) void bench.submit(name);
    await bench.settle();
    expect(bench.atWork).toEqual([
      ["e0", "e1", "e2"],
      ["e3", "e4", "e5"],
    ]);
    for (const name of ["late1", "late2"]) void bench.submit(name);
    await bench.settle();
    expect(bench.running).toHaveLength(2);
    bench.running[0]!.answer();
    await bench.settle();
    expect(bench.atWork).toEqual([
      ["e3", "e4", "e5"],
      ["late1", "late2"],
    ]);
    await bench.finish();
  });

  it("a group is bounded in count", async () => {
    const bench = new Bench();
    for (const name of names(1000)) void bench.submit(name);
    await bench.finish();
    expect(Math.max(...bench.groups.map((group) => group.names.length))).toBe(128);
    expect(bench.told).toHaveLength(1000);
  });

  it("a group is bounded in bytes, and what is larger goes by itself", async () => {
    const bench = new Bench();
    const MiB = 1024 * 1024;
    for (const name of names(8)) void bench.hand({ name, places: [name], size: 0.4 * MiB });
    void bench.hand({ name: "huge", places: ["huge"], size: 5 * MiB });
    await bench.finish();
    expect(bench.groups.map((group) => group.names)).toEqual([
      ["e0", "e1"],
      ["e2", "e3"],
      ["e4", "e5"],
      ["e6", "e7"],
      ["huge"],
    ]);
  });
});

describe("L3 a fault is its command's own", () => {
  it("one that fails fails alone", async () => {
    const bench = new Bench();
    for (const name of ["good", "bad", "fine"]) void bench.submit(name);
    void bench.submit("behind", "bad");
    await bench.settle();
    for (const group of bench.running) group.answer({ bad: { kind: "failed", error: new Error("its own") } });
    await bench.finish();
    expect(bench.told.toSorted()).toEqual(["bad failed: its own", "behind done", "fine done", "good done"]);
  });

  it("a group that fails as a whole is tried apart", async () => {
    const bench = new Bench();
    for (const name of names(6)) void bench.submit(name);
    await bench.settle();
    bench.running[0]!.fail(new Error("nobody knows whose"));
    await bench.settle();
    expect(bench.atWork).toEqual([["e3", "e4", "e5"], ["e0"], ["e1"], ["e2"]]);
    bench.running[2]!.fail(new Error("mine"));
    await bench.finish();
    expect(bench.told.toSorted()).toEqual(["e0 done", "e1 failed: mine", "e2 done", "e3 done", "e4 done", "e5 done"]);
  });

  it("a group of which nobody knows whether it was carried out is not tried again", async () => {
    const bench = new Bench();
    for (const name of names(4)) void bench.submit(name);
    void bench.submit("behind", "e0");
    await bench.settle();
    bench.running[0]!.fail(new MayBeDone("no answer"));
    await bench.finish();
    expect(bench.told.toSorted()).toEqual([
      ...["behind done", "e0 failed: no answer", "e1 failed: no answer", "e2 done", "e3 done"],
    ]);
  });

  it("who fails alone in a group is not tried again", async () => {
    const bench = new Bench();
    void bench.submit("only");
    await bench.settle();
    bench.running[0]!.fail(new Error("mine"));
    await bench.finish();
    expect(bench.groups).toHaveLength(1);
    expect(bench.told).toEqual(["only failed: mine"]);
  });

  it("who lost a race finds out at the next try how", async () => {
    const bench = new Bench();
    void bench.submit("only");
    await bench.settle();
    bench.running[0]!.fail(new LostRace("faster"));
    await bench.settle();
    expect(bench.running.map((group) => group.wait)).toEqual([true]);
    bench.running[0]!.fail(new LostRace("faster"));
    await bench.settle();
    await bench.finish();
    expect(bench.told).toEqual(["only done"]);
    expect(bench.groups).toHaveLength(3);
  });

  it("who loses for ever is told", async () => {
    const bench = new Bench();
    void bench.submit("loser");
    void bench.submit("behind", "loser");
    await bench.settle();
    let tries = 0;
    while (bench.running[0]?.names[0] === "loser") {
      bench.running[0].fail(new LostRace("faster"));
      tries += 1;
      await bench.settle();
    }
    await bench.finish();
    expect(tries).toBe(9);
    expect(bench.told).toEqual(["loser failed: faster", "behind done"]);
  });

  it("who misses something goes again once it is there", async () => {
    const bench = new Bench();
    for (const name of ["missing", "other"]) void bench.submit(name, name);
    await bench.settle();
    let fetched!: () => void;
    const after = (): Promise<void> => new Promise((resolve) => (fetched = resolve));
    bench.running.find((group) => group.names.includes("missing"))!.answer({ missing: { kind: "again", after } });
    await bench.finish();
    expect(bench.told).toEqual(["other done"]);
    fetched();
    await bench.finish();
    expect(bench.told).toEqual(["other done", "missing done"]);
  });

  it("while it is fetched, groups go on, and nobody overtakes in its place", async () => {
    const bench = new Bench();
    void bench.submit("missing", "a");
    await bench.settle();
    let fetched!: () => void;
    const after = (): Promise<void> => new Promise((resolve) => (fetched = resolve));
    bench.running[0]!.answer({ missing: { kind: "again", after } });
    await bench.settle();
    void bench.submit("behind", "a");
    for (const name of names(4)) void bench.submit(name);
    await bench.settle();
    expect(bench.atWork).toEqual([
      ["e0", "e1"],
      ["e2", "e3"],
    ]);
    await bench.finish();
    fetched();
    await bench.finish();
    expect(bench.told.slice(-2)).toEqual(["missing done", "behind done"]);
  });

  it("who misses what is not to be had is told, also where it is never there", async () => {
    const bench = new Bench();
    void bench.submit("one");
    await bench.settle();
    bench.running[0]!.answer({ one: { kind: "again", after: () => Promise.reject(new Error("not published")) } });
    await bench.settle();
    void bench.submit("two");
    await bench.settle();
    while (bench.running.length > 0) {
      bench.running[0]!.answer({ two: { kind: "again", after: async () => undefined } });
      await bench.settle();
    }
    expect(bench.told).toEqual(["one failed: not published", "two failed: What a command needs is not to be had."]);
    expect(bench.groups).toHaveLength(1 + 8);
  });
});

describe("L4 what somebody else has locked holds up nobody", () => {
  it("it goes alone, beside the groups, and may wait there", async () => {
    const bench = new Bench();
    for (const name of ["free", "locked"]) void bench.submit(name);
    await bench.settle();
    for (const group of bench.running) {
      expect(group.wait).toBe(false);
      group.answer({ locked: { kind: "locked" } });
    }
    await bench.settle();
    expect(bench.running).toMatchObject([{ names: ["locked"], wait: true }]);
    for (const name of names(4)) void bench.submit(name);
    await bench.settle();
    expect(bench.atWork).toEqual([["locked"], ["e0", "e1"], ["e2", "e3"]]);
    await bench.finish();
    expect(bench.told).toHaveLength(6);
  });

  it("four go alone at once, and a fifth waits without holding up the groups", async () => {
    const bench = new Bench();
    for (const name of names(10)) void bench.submit(name);
    await bench.settle();
    const all = Object.fromEntries(names(10).map((name) => [name, { kind: "locked" } as const]));
    for (const group of bench.running) group.answer(all);
    await bench.settle();
    expect(bench.atWork).toEqual([["e0"], ["e1"], ["e2"], ["e3"]]);
    void bench.submit("free");
    await bench.settle();
    expect(bench.atWork.at(-1)).toEqual(["free"]);
    bench.running[1]!.answer();
    await bench.settle();
    expect(bench.atWork.at(-1)).toEqual(["e4"]);
    await bench.finish();
    expect(bench.told).toHaveLength(11);
  });
});

describe("L5 a store that is away is told at once to everybody who waits", () => {
  it("those in the group, those not yet begun, and those behind taken places", async () => {
    const bench = new Bench();
    for (const name of names(200)) void bench.submit(name);
    for (const name of ["behind1", "behind2"]) void bench.submit(name, "e0");
    await bench.settle();
    expect(bench.running).toHaveLength(2);
    const [first, second] = bench.running;
    first!.fail(new Away("away"));
    await bench.settle();
    expect(bench.told).toHaveLength(202 - second!.names.length);
    expect(bench.told.every((line) => line.endsWith("failed: away"))).toBe(true);
    second!.answer();
    await bench.settle();
    expect(bench.told).toHaveLength(202);
    expect(bench.groups).toHaveLength(2);
  });

  it("those who wait to go alone, and those behind them", async () => {
    const bench = new Bench();
    for (const name of names(6)) void bench.submit(name);
    await bench.settle();
    const all = Object.fromEntries(names(6).map((name) => [name, { kind: "locked" } as const]));
    for (const group of bench.running) group.answer(all);
    await bench.settle();
    void bench.submit("behind", "e5");
    await bench.settle();
    bench.running[0]!.fail(new Away("away"));
    await bench.settle();
    expect(bench.told.toSorted()).toEqual([
      "behind failed: away",
      "e0 failed: away",
      "e4 failed: away",
      "e5 failed: away",
    ]);
    await bench.finish();
    expect(bench.told).toHaveLength(7);
  });

  it("who comes afterwards is tried anew, in every place", async () => {
    const bench = new Bench();
    for (const name of ["a", "b", "b2"]) void bench.submit(name, name[0]!);
    await bench.settle();
    for (const group of bench.running) group.fail(new Away("away"));
    await bench.settle();
    expect(bench.told).toHaveLength(3);
    for (const name of ["a again", "b again"]) void bench.submit(name, name[0]!);
    await bench.finish();
    expect(bench.told.slice(3).toSorted()).toEqual(["a again done", "b again done"]);
  });
});

it("nobody is answered twice or never, whatever becomes of the groups", async () => {
  const dice = makeDice(7);
  const bench = new Bench();
  const count = 2000;
  let handed = 0;
  const placesOf = new Map<string, string[]>();
  for (;;) {
    for (let more = dice(60); more > 0 && handed < count; more--) {
      const places = Array.from({ length: 1 + dice(2) }, () => `place ${dice(40)}`);
      const name = `c${handed++}`;
      placesOf.set(name, places);
      void bench.hand({ name, places, size: dice(200_000) });
    }
    await bench.settle();
    const group = bench.running[dice(Math.max(1, bench.running.length))];
    if (!group && handed === count) break;
    if (!group) continue;
    expectApart(bench.running.flatMap(({ names }) => names.map((name) => placesOf.get(name)!)));
    const fate = dice(13);
    if (fate === 0) group.fail(new Away("away"));
    else if (fate === 1) group.fail(new Error("all of it"));
    else if (fate === 12) group.fail(new MayBeDone("no answer"));
    else if (fate < 4) group.fail(new LostRace("faster"));
    else group.answer(Object.fromEntries(group.names.map((name) => [name, FATES[dice(FATES.length)]!])));
  }
  const answered = bench.told.map((line) => line.split(" ")[0]);
  expect(answered).toHaveLength(count);
  expect(new Set(answered).size).toBe(count);
});

function expectApart(places: readonly string[][]): void {
  const taken = places.flatMap((each) => [...new Set(each)]);
  expect(new Set(taken).size).toBe(taken.length);
}

const FATES: Outcome<string>[] = [
  ...Array.from({ length: 6 }, () => ({ kind: "answered" as const, answer: "done" })),
  { kind: "failed", error: new Error("its own") },
  { kind: "locked" },
  { kind: "again", after: async () => undefined },
];
