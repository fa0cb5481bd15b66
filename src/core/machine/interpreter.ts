/**
 * The only file that knows XState's snapshots and actions.
 *
 * XState decides which transitions are taken and which states are left and entered; it keeps no clock, no context and
 * no actor here. Marker actions tell what happened: XState shows neither a transition that moves nothing nor a re-entry.
 */
import { createMachine } from "xstate";
import type { AnyStateMachine, AnyStateNode } from "xstate";
import type { StateConfig, TransitionsConfig } from "../document/document.js";
import type { View } from "../expressions/index.js";
import type { StateValue } from "../fold/stored.js";

/** Zero-time steps allowed at one instant, for timers and for immediate transitions alike (fold.md F9). */
export const MAX_STEPS_AT_ONE_INSTANT = 1000;

/** XState's snapshot, opaque to everybody else. */
export type Snapshot = ReturnType<AnyStateMachine["resolveState"]>;

/** Where a machine stands, in our own form; history states as ids of the nodes they remember. */
export interface StoredSnapshot {
  value: StateValue;
  history?: Record<string, string[]>;
}

/** How many different ones are kept at hand for each pathway. */
const POSITIONS = 10_000;

/** What one event or timer did. */
export interface Movement {
  snapshot: Snapshot;
  /** Paths of the states whose `on` took the event, in document order. */
  takers: string[];
  /** States left and entered, in order. */
  moves: { kind: "left" | "entered"; path: string }[];
}

/** Evaluates a guard of the document; `eventType` is null for timers and immediate transitions. */
export type GuardOf = (source: string, eventType: string | null) => (view: View) => boolean;

type Guard = (source: string, eventType: string | null) => () => boolean;
type Marker = { type: string; params?: { path: string } };

export class Interpreter {
  private readonly machine: AnyStateMachine;
  private readonly order: Order;
  private readonly marks: Marker[] = [];
  private readonly positions = new Map<string, { stored: StoredSnapshot; snapshot: Snapshot }>();
  private readonly storedForms = new WeakMap<Snapshot, StoredSnapshot>();
  /** What guards see during the step under way. */
  private view: View | undefined;
  /** What a guard threw during that step: XState throws an error of its own in its place. */
  private fault: unknown;
  /** Kept for all calls: making an inert actor for each costs four times the transition. */
  private readonly scope = {
    self: {},
    id: "",
    sessionId: "",
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    system: { _sendInspectionEvent: () => undefined },
    actionExecutor: (action: Marker) => this.marks.push(action),
  };

  /** `config` has its wildcards expanded. */
  constructor(id: string, config: StateConfig, guardOf: GuardOf) {
    const guard = (source: string, eventType: string | null): (() => boolean) => {
      const holds = guardOf(source, eventType);
      return () => {
        try {
          return holds(this.view!);
        } catch (error) {
          this.fault = error;
          throw error;
        }
      };
    };
    const root = markState(config, "", guard);
    this.machine = createMachine({ ...root, id, options: { maxIterations: MAX_STEPS_AT_ONE_INSTANT } });
    this.order = orderOf(config);
  }

  start(view: View): Movement {
    return this.observe(view, () => {
      const snapshot = this.machine.getInitialSnapshot(this.scope as never, undefined);
      if (snapshot.status === "error") throw snapshot.error;
      return snapshot;
    });
  }

  /** Undefined: no active state has a transition for the event here. */
  send(snapshot: Snapshot, type: string, view: View): Movement | undefined {
    const movement = this.observe(view, () => this.machine.transition(snapshot, { type }, this.scope as never));
    return movement.takers.length > 0 ? movement : undefined;
  }

  fire(snapshot: Snapshot, state: string, timer: string, view: View): Movement {
    return this.observe(view, () =>
      this.machine.transition(snapshot, { type: firing(state, timer) }, this.scope as never),
    );
  }

  /** Where the machine stands, in the document's order. */
  value(snapshot: Snapshot): StateValue {
    return this.store(snapshot).value;
  }

  store(snapshot: Snapshot): StoredSnapshot {
    let stored = this.storedForms.get(snapshot);
    if (!stored) this.storedForms.set(snapshot, (stored = this.shared(this.storedForm(snapshot), snapshot).stored));
    return stored;
  }

  private storedForm(snapshot: Snapshot): StoredSnapshot {
    const remembered = Object.entries(snapshot.historyValue as Record<string, AnyStateNode[]>);
    return {
      value: this.inDocumentOrder(snapshot.value as StateValue),
      ...(remembered.length > 0 && {
        history: Object.fromEntries(remembered.map(([id, nodes]) => [id, nodes.map((node) => node.id)])),
      }),
    };
  }

  /** There is no context, so one snapshot stands for everybody in that state. */
  private shared(stored: StoredSnapshot, snapshot?: Snapshot): { stored: StoredSnapshot; snapshot: Snapshot } {
    const name = JSON.stringify([stored.value, stored.history]);
    let position = this.positions.get(name);
    if (!position) {
      if (this.positions.size === POSITIONS) this.positions.clear();
      position = { stored, snapshot: snapshot ?? this.resolve(stored) };
      this.positions.set(name, position);
    }
    return position;
  }

  /** XState orders a value by how it was reached, a database by its own rule. */
  inDocumentOrder(value: StateValue): StateValue {
    return ordered(value, this.order);
  }

  revive({ value, history }: StoredSnapshot): Snapshot {
    return this.shared({ value: this.inDocumentOrder(value), ...(history && { history }) }).snapshot;
  }

  private resolve(stored: StoredSnapshot): Snapshot {
    const historyValue = Object.fromEntries(
      Object.entries(stored.history ?? {}).map(([id, ids]) => [
        id,
        ids.map((node) => this.machine.getStateNodeById(node)),
      ]),
    );
    return this.machine.resolveState({ value: stored.value, context: {}, historyValue } as never);
  }

  private observe(view: View, step: () => Snapshot): Movement {
    this.marks.length = 0;
    this.view = view;
    this.fault = undefined;
    const snapshot = this.attempt(step);
    const takers: string[] = [];
    const moves: Movement["moves"] = [];
    for (const { type, params } of this.marks) {
      if (!params) continue;
      if (type === "taken") takers.push(params.path);
      else if (type === "left" || type === "entered") moves.push({ kind: type, path: params.path });
    }
    return { snapshot, takers, moves };
  }

  private attempt(step: () => Snapshot): Snapshot {
    try {
      return step();
    } catch (error) {
      throw this.fault ?? error;
    }
  }
}

/** The states of a state, in the document's order. */
type Order = readonly [key: string, below: Order][];

function orderOf(config: StateConfig): Order {
  return Object.entries(config.states ?? {}).map(([key, state]) => [key, orderOf(state)]);
}

function ordered(value: StateValue, order: Order): StateValue {
  if (typeof value === "string") return value;
  const result: StateValue = {};
  for (const [key, below] of order) {
    if (Object.hasOwn(value, key)) result[key] = ordered(value[key]!, below);
  }
  return result;
}

/**
 * What a timer's firing is to the machine: an event that no document can name. XState's own `after` takes the same
 * transitions, and besides schedules and cancels a clock at every entry and exit, which nobody here listens to.
 */
function firing(state: string, timer: string): string {
  return `timer ${state} ${timer}`;
}

function markState(config: StateConfig, path: string, guard: Guard): object {
  const below = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const marked = (transitions: TransitionsConfig, eventType: string | null, marker: Marker[]): object[] =>
    asList(transitions).map((transition) => ({
      ...transition,
      ...(transition.guard !== undefined && { guard: guard(transition.guard, eventType) }),
      actions: marker,
    }));
  const taken: Marker[] = [{ type: "taken", params: { path } }];
  const events = Object.entries(config.on ?? {}).map(([type, ways]) => [type, marked(ways, type, taken)]);
  const timers = Object.entries(config.after ?? {}).map(([name, ways]) => [firing(path, name), marked(ways, null, [])]);
  const { after: _, ...rest } = config;
  return {
    ...rest,
    // A history state is passed through, never entered itself.
    ...(config.type !== "history" && {
      entry: [{ type: "entered", params: { path } }],
      exit: [{ type: "left", params: { path } }],
      on: Object.fromEntries([...events, ...timers]),
      ...(config.always !== undefined && { always: marked(config.always, null, []) }),
    }),
    ...(config.states && {
      states: Object.fromEntries(
        Object.entries(config.states).map(([key, state]) => [key, markState(state, below(key), guard)]),
      ),
    }),
  };
}

function asList(transitions: TransitionsConfig): { target?: string; guard?: string; reenter?: boolean }[] {
  return (Array.isArray(transitions) ? transitions : [transitions]).map((transition) =>
    typeof transition === "string" ? { target: transition } : transition,
  );
}
