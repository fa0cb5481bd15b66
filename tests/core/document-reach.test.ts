import { describe, expect, it } from "@jest/globals";
import { createMachine, type AnyStateMachine } from "xstate";
import type { PathwayDocument, StateConfig } from "../../src/core/document/index.js";
import { domainOf, enteredBy, isWithin } from "../../src/core/document/reach.js";
import { StateTree, type Branch, type StateNode } from "../../src/core/document/tree.js";

/** A track in which every kind of target leads to every kind of state. `start` is where each transition sets out. */
const track: StateConfig = {
  initial: "start",
  states: {
    start: {
      initial: "one",
      states: { one: {}, two: { initial: "deep", states: { deep: {} } } },
      on: {
        sibling: "other",
        nested: "other.second",
        byPath: "#p.track.other.second",
        byId: "#named",
        byIdAndKey: "#named.x",
        child: ".two",
        childAnew: { target: ".two", reenter: true },
        grandchild: ".two.deep",
        itself: { target: "start", reenter: true },
        inside: "start",
        history: "other.back",
        historyToTarget: "other.backTo",
        parallel: "wide",
        region: "wide.right.r2",
      },
    },
    other: {
      initial: "first",
      states: {
        first: {},
        second: { id: "named", initial: "x", states: { x: {}, y: {} } },
        back: { type: "history" },
        backTo: { type: "history", target: "second" },
      },
    },
    wide: {
      type: "parallel",
      states: {
        left: { initial: "l1", states: { l1: {}, l2: {} } },
        right: { initial: "r1", states: { r1: {}, r2: {} } },
      },
    },
  },
};

const root: StateConfig = { type: "parallel", states: { track, beside: { initial: "b", states: { b: {} } } } };
const tree = new StateTree({ id: "p", machine: root } as PathwayDocument);

/** XState itself, told to note what it leaves and enters. */
function observe(event: string): { left: string[]; entered: string[] } {
  const noted = { left: [] as string[], entered: [] as string[] };
  const mark = (config: StateConfig, path: string): object => ({
    ...config,
    ...(config.type !== "history" && {
      entry: () => noted.entered.push(path),
      exit: () => noted.left.push(path),
    }),
    ...(config.states && {
      states: Object.fromEntries(
        Object.entries(config.states).map(([key, child]) => [key, mark(child, path === "" ? key : `${path}.${key}`)]),
      ),
    }),
  });
  const machine = createMachine({ ...mark(root, ""), id: "p" }) as AnyStateMachine;
  const value = { track: { start: "one" }, beside: "b" };
  const begun = machine.resolveState({ value, context: {} } as never);
  machine.transition(begun, { type: event }, {
    ...{ self: {}, logger: () => undefined, id: "", sessionId: "", defer: () => undefined, emit: () => undefined },
    ...{ stopChild: () => undefined, system: { _sendInspectionEvent: () => undefined } },
    actionExecutor: (action: { exec?: () => void }) => action.exec?.(),
  } as never);
  return { left: noted.left.sort(), entered: noted.entered.sort() };
}

const active = ["", "track", "track.start", "track.start.one", "beside", "beside.b"];
const paths = (nodes: Iterable<StateNode>): string[] =>
  [...nodes]
    .filter(({ config }) => config.type !== "history")
    .map(({ path }) => path)
    .sort();

const leftBy = (branch: Branch): string[] => {
  const domain = domainOf(branch);
  return paths(tree.nodes.filter((node) => active.includes(node.path) && domain && isWithin(node, domain)));
};

describe("The checks see a machine as XState runs it", () => {
  it.each(tree.branches.map((branch) => ({ name: branch.name, branch })))("$name", ({ name, branch }) => {
    expect(branch.target).toBeDefined();
    const seen = observe(name);
    expect(leftBy(branch)).toEqual(seen.left);
    expect(paths(enteredBy(branch))).toEqual(seen.entered);
  });
});
