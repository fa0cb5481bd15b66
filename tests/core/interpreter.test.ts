/**
 * The interpreter keeps a scope of its own making for XState's `machine.transition`, marks what happens by actions, and
 * writes timers as events. Here it is held to XState's public functions and to XState's own `after`.
 */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createMachine, initialTransition, transition, type AnyStateMachine, type AnyStateNode } from "xstate";
import { expandWildcards } from "../../src/core/document/index.js";
import type { PathwayDocument, StateConfig, StateValue, TransitionsConfig } from "../../src/core/index.js";
import { activePaths } from "../../src/core/index.js";
import { Interpreter, type Movement } from "../../src/core/machine/interpreter.js";
import { firstPathway } from "./first-pathway.js";
import { pathwayDocuments } from "./generated-pathways.js";
import { runs } from "./seed.js";

/** What a guard answers depends on nothing but itself and the step, so that both machines hear the same. */
let step = 0;
function answer(source: string, eventType: string | null): boolean {
  let hash = step;
  for (const letter of `${eventType} ${source}`) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return (hash & 4) === 0;
}

/** The document's machine in XState's own words, each happening marked by a named action. */
function publicMachine(document: PathwayDocument): AnyStateMachine {
  const build = (config: StateConfig, path: string): object => {
    const ways = (given: TransitionsConfig, type: string | null): object[] =>
      (Array.isArray(given) ? given : [given]).map((way) => {
        const { guard, ...rest } = typeof way === "string" ? { target: way } : way;
        const marks = type === null ? [] : [{ type: "taken", params: { path } }];
        return { ...rest, ...(guard !== undefined && { guard: () => answer(guard, type) }), actions: marks };
      });
    const table = (given: Record<string, TransitionsConfig> = {}, isEvent: boolean): object =>
      Object.fromEntries(Object.entries(given).map(([key, value]) => [key, ways(value, isEvent ? key : null)]));
    const states = Object.entries(config.states ?? {}).map(([key, state]) => {
      return [key, build(state, path === "" ? key : `${path}.${key}`)] as const;
    });
    if (config.type === "history") return config;
    return {
      ...config,
      entry: [{ type: "entered", params: { path } }],
      exit: [{ type: "left", params: { path } }],
      ...{ on: table(config.on, true), after: table(config.after, false) },
      ...(config.always !== undefined && { always: ways(config.always, null) }),
      ...(states.length > 0 && { states: Object.fromEntries(states) }),
    };
  };
  const delays = Object.keys(document.timers ?? {}).map((name) => [name, 1]);
  return createMachine(
    { ...build(expandWildcards(document), ""), id: document.id },
    { delays: Object.fromEntries(delays) },
  );
}

type Made = Pick<Movement, "takers" | "moves"> & { value: StateValue };

/** The marker actions, in their order. */
function told([snapshot, actions]: readonly [{ value: unknown }, readonly object[]]): Made {
  const marks = actions as { type: string; params?: { path: string } }[];
  const takers = marks.filter(({ type }) => type === "taken").map(({ params }) => params!.path);
  const moves = marks.flatMap(({ type, params }) =>
    type === "left" || type === "entered" ? [{ kind: type, path: params!.path } as const] : [],
  );
  return { takers, moves, value: snapshot.value as StateValue };
}

/** What happens next: an event of a type, or the firing of a timer that is armed; and whether the state is stored then. */
const course = fc.array(fc.record({ pick: fc.nat(), fires: fc.boolean(), stored: fc.boolean() }), {
  ...{ minLength: 1, maxLength: 25 },
});

type Course = { pick: number; fires: boolean; stored: boolean }[];

function compare(document: PathwayDocument, steps: Course): void {
  const machine = publicMachine(document);
  const ours = new Interpreter(document.id, expandWildcards(document), (source, type) => () => answer(source, type));
  const types = Object.keys(document.events);
  const view = undefined as never;
  step = 0;
  let theirs = initialTransition(machine)[0];
  let movement = ours.start(view);
  const check = (made: Movement, expected: Made): void => {
    expect({ takers: made.takers, moves: made.moves }).toEqual({ takers: expected.takers, moves: expected.moves });
    expect(ours.value(made.snapshot)).toEqual(expected.value);
  };
  check(movement, told(initialTransition(machine) as never));
  for (const { pick, fires, stored } of steps) {
    step += 1;
    const armed = activePaths(theirs.value as StateValue).flatMap((path) =>
      Object.keys(stateAt(document.machine, path).after ?? {}).map((name) => ({ path, name })),
    );
    let snapshot = movement.snapshot;
    if (stored) snapshot = ours.revive(JSON.parse(JSON.stringify(ours.store(snapshot))) as never);
    const timer = fires ? armed[pick % Math.max(1, armed.length)] : undefined;
    const type = timer ? `xstate.after.${timer.name}.${nodeAt(machine, timer.path).id}` : types[pick % types.length]!;
    const next = transition(machine, theirs, { type });
    const expected = told(next as never);
    const made = timer ? ours.fire(snapshot, timer.path, timer.name, view) : ours.send(snapshot, type, view);
    if (!made) {
      expect(expected.takers).toEqual([]);
      expect(expected.moves).toEqual([]);
      continue;
    }
    check(made, expected);
    movement = made;
    theirs = next[0];
  }
}

function stateAt(machine: StateConfig, path: string): StateConfig {
  return path.split(".").reduce((state, key) => state.states![key]!, machine);
}

function nodeAt(machine: AnyStateMachine, path: string): AnyStateNode {
  return path.split(".").reduce((node: AnyStateNode, key) => node.states[key]!, machine.root);
}

describe("The interpreter does what XState's public functions do: the same states, the same markers in the same order", () => {
  it("for generated pathways", () => {
    fc.assert(
      fc.property(pathwayDocuments, course, (document, steps) => compare(document, steps)),
      runs(300),
    );
  });

  it("for the first pathway", () => {
    const { document } = firstPathway();
    fc.assert(
      fc.property(course, (steps) => compare(document, steps)),
      runs(300),
    );
  });
});
