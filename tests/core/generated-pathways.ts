import fc from "fast-check";
import type { EventDeclaration, PathwayDocument, StateConfig, TransitionConfig } from "../../src/core/index.js";

export const EVENT_TYPES = ["a.reported", "b.reported", "c.reported", "d.reported"];

const HOURS = { from: "09:00", to: "19:00" };

const PAUSABLE = ["hold", "run"] as const;

const GUARDS = [
  undefined,
  undefined,
  "event.data.n >= 3",
  "earlier('a.reported').size() > 0",
  "since('*', 'one.s0').size() < 3",
  "distinct(events('b.reported').map(e, e.by)).size() >= 2",
  "after('c.reported', 'd.reported').size() != 1",
];

const transition = (states: string[]): fc.Arbitrary<TransitionConfig> =>
  fc
    .record({ target: fc.constantFrom(...states, undefined), guard: fc.constantFrom(...GUARDS), reenter: fc.boolean() })
    .map(({ target, guard, reenter }) => ({
      ...(guard && { guard }),
      ...(target && { target, ...(reenter && { reenter }) }),
    }));

/** Only the first state of a track counts from an event: a cycle of such timers would not advance time (F9). */
const timersOf = (index: number): string[] => ["short", "long", "urgent", ...(index === 0 ? ["counted"] : [])];

const leaf = (states: string[], index: number): fc.Arbitrary<StateConfig> =>
  fc
    .record({
      on: fc.dictionary(
        fc.constantFrom(...EVENT_TYPES, "*"),
        fc.array(transition(states), { minLength: 1, maxLength: 3 }),
      ),
      timer: fc.option(
        fc.record({
          name: fc.constantFrom(...timersOf(index)),
          target: fc.constantFrom(...states.filter((state) => state !== `s${index}`)),
        }),
      ),
      task: fc.option(fc.record({ urgent: fc.boolean(), whilePaused: fc.constantFrom(...PAUSABLE) })),
    })
    .map(({ on, timer, task }) => ({
      on,
      ...(timer && { after: { [timer.name]: timer.target } }),
      meta: task
        ? {
            task: {
              title: "Do it",
              role: "clinician" as const,
              due: "P3D",
              reminders: [
                "P1D",
                { after: "PT5H", to: "assignee" as const, else: "responsible" as const, between: HOURS },
                { after: "P0D", from: "due" as const, workingDays: 2 },
              ],
              escalation: [
                { after: "P4D", at: "09:00", workingDay: "next" as const, to: "lead" as const },
                { after: "PT4H", from: "due" as const, to: "onCall" as const, every: "PT4H" },
              ],
              urgency: task.urgent ? ("urgent" as const) : ("routine" as const),
              whilePaused: task.whilePaused,
            },
          }
        : { quiet: true },
    }));

const track: fc.Arbitrary<StateConfig> = fc.integer({ min: 2, max: 4 }).chain((size) => {
  const names = Array.from({ length: size }, (_, index) => `s${index}`);
  return fc.tuple(...names.map((_, index) => leaf(names, index))).map((leaves) => ({
    initial: "s0",
    states: Object.fromEntries(names.map((name, index) => [name, leaves[index]!])),
  }));
});

const event: EventDeclaration = {
  title: "Reported",
  reporters: ["coordinator", "clinician"],
  schema: { type: "object", required: ["n"], properties: { n: { type: "integer" } } },
};

/** Small pathways that reach into every corner of the fold: guards on history, re-entries, timers, tasks, wildcards. */
export const pathwayDocuments: fc.Arbitrary<PathwayDocument> = fc.tuple(track, track).map(([one, two]) => ({
  id: "generated",
  version: "1.0.0",
  title: "Generated",
  tracks: { one: "One", two: "Two" },
  parameters: { pauseReviewAfter: { value: "P4W", unit: "duration", source: null, evidence: "siteDecision" } },
  events: Object.fromEntries(EVENT_TYPES.map((type) => [type, event])),
  timers: {
    short: { after: "PT36H" },
    long: {
      ...{ after: "P1M", at: "09:00", workingDay: "next" },
      reminders: [{ before: "P3D", to: "patient", by: "email", message: "soon", between: HOURS }],
    },
    counted: { after: "P10D", from: "a.reported", at: "09:00" },
    urgent: { after: "P2D", whilePaused: "run" },
  },
  machine: { type: "parallel", states: { one, two } },
}));
