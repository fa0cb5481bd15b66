import { randomUUID } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { type Change, merged, pack, unpack } from "../../src/stream/changes.js";

const change = (tasks: number, siteId = "main"): Change => ({
  ...{ enrolmentId: randomUUID(), siteId, seq: 12 },
  taskIds: Array.from({ length: tasks }, () => randomUUID()),
});
const MOST = 7_900;

describe("changes as they travel", () => {
  it("come back as they were, in messages of a bounded size", () => {
    const changes = Array.from({ length: 500 }, (_, index) => change(index % 7, "ä".repeat(63)));
    const texts = pack(changes, MOST);
    expect(texts.flatMap(unpack)).toEqual(changes);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST);
    expect(texts.length).toBeLessThan(60);
    expect(pack([], MOST)).toEqual([]);
  });

  it("an enrolment with very many tasks takes several places", () => {
    const large = change(1_234);
    const texts = pack([change(1), large, change(1)], MOST);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST);
    const parts = texts.flatMap(unpack).filter(({ enrolmentId }) => enrolmentId === large.enrolmentId);
    expect(parts.flatMap(({ taskIds }) => taskIds)).toEqual(large.taskIds);
  });

  it("those of one enrolment become one: the newest record, each task once", () => {
    const first = { ...change(0), taskIds: ["a", "b"], seq: 4 };
    expect(merged(first, { ...first, taskIds: ["b", "c"], seq: 7 })).toEqual({
      ...first,
      ...{ seq: 7, taskIds: ["a", "b", "c"] },
    });
    expect(merged({ ...first, seq: 9 }, first).seq).toBe(9);
  });
});
