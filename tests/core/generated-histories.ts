import fc from "fast-check";
import type { EventRecord, FoldRecord, JsonObject } from "../../src/core/index.js";
import { EVENT_TYPES } from "./generated-pathways.js";

export const START = Date.UTC(2026, 0, 5, 9);
export const HOUR = 3_600_000;
export const END = START + 160 * 24 * HOUR;

export interface Happening {
  type: string;
  hours: number;
  by: string;
  n: number;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  type: fc.constantFrom(...EVENT_TYPES, ...EVENT_TYPES, "pathway.paused", "pathway.resumed"),
  hours: fc.integer({ min: 0, max: 24 * 120 }),
  by: fc.constantFrom("clinician", "clinician2"),
  n: fc.integer({ min: 0, max: 5 }),
});

export const histories = fc.record({
  happenings: fc.array(happening, { maxLength: 12 }),
  exit: fc.option(fc.integer({ min: 0, max: 24 * 120 })),
  corrections: fc.array(
    fc.record({
      of: fc.nat(),
      hours: fc.option(fc.integer({ min: 0, max: 24 * 120 })),
      n: fc.option(fc.integer({ min: 0, max: 5 })),
      strikeOut: fc.option(fc.boolean()),
    }),
    { maxLength: 4 },
  ),
  shuffle: fc.array(fc.nat(), { minLength: 16, maxLength: 16 }),
});

export const enrolled: FoldRecord = {
  ...{
    kind: "event",
    seq: 1,
    type: "pathway.enrolled",
    occurredAt: START,
    recordedAt: START,
    by: "coordinator",
    data: {},
  },
};

export type Unrecorded = Omit<EventRecord, "seq">;

export function eventsOf(happenings: Happening[], exit: number | null): Unrecorded[] {
  const reported = (type: string, hours: number, by: string, data: JsonObject): Unrecorded => ({
    ...{ kind: "event", type, occurredAt: START + hours * HOUR, recordedAt: END, by, data },
  });
  const dataOf = (type: string, n: number): JsonObject =>
    type === "pathway.paused" ? { reason: true } : type === "pathway.resumed" ? {} : { n };
  const events = happenings.map(({ type, hours, by, n }) => reported(type, hours, by, dataOf(type, n)));
  return exit === null ? events : [...events, reported("pathway.exited", exit, "coordinator", { reason: "completed" })];
}

export function shuffled<T>(items: T[], keys: number[]): T[] {
  return items
    .map((item, index) => ({ item, key: keys[index % keys.length]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
