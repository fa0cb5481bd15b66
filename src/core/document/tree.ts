import type { PathwayDocument, StateConfig, TransitionConfig, TransitionsConfig } from "./document.js";
import { childPointer } from "./pointer.js";

/** A state in its place. */
export interface StateNode {
  /** Dotted path inside the machine; empty for the root. */
  path: string;
  key: string;
  /** JSON pointer into the document. */
  pointer: string;
  config: StateConfig;
  parent: StateNode | undefined;
  children: StateNode[];
  /** Key of the region of the root that it belongs to; undefined for the root. */
  track: string | undefined;
}

/** One branch of a transition. */
export interface Branch {
  source: StateNode;
  kind: "on" | "after" | "always";
  /** Event type, or name of the timer; empty for `always`. */
  name: string;
  config: TransitionConfig;
  pointer: string;
  /** Of the branches tried in turn: is this the last one? */
  isLast: boolean;
  /** The state that `target` names; undefined where there is none, or no such state. */
  target: StateNode | undefined;
}

/** The states and transitions of a machine, targets resolved as XState resolves them. */
export class StateTree {
  readonly root: StateNode;
  readonly nodes: StateNode[] = [];
  readonly branches: Branch[] = [];
  /** States by what `#` may name: the root by the pathway's id, others by an id of their own. */
  private readonly ids = new Map<string, StateNode>();

  constructor(readonly document: PathwayDocument) {
    this.root = this.plant(document.machine, "", undefined, "/machine");
    for (const node of this.nodes) {
      for (const [type, transitions] of Object.entries(node.config.on ?? {})) {
        this.collect(node, "on", type, transitions, childPointer(`${node.pointer}/on`, type));
      }
      for (const [timer, transitions] of Object.entries(node.config.after ?? {})) {
        this.collect(node, "after", timer, transitions, childPointer(`${node.pointer}/after`, timer));
      }
      if (node.config.always !== undefined) {
        this.collect(node, "always", "", node.config.always, `${node.pointer}/always`);
      }
    }
  }

  /** Paths of all states but the root. */
  get paths(): ReadonlySet<string> {
    return new Set(this.nodes.map(({ path }) => path).filter((path) => path !== ""));
  }

  /** `#id`, `#id.below`, `.child` or a sibling. */
  resolve(source: StateNode, target: string): StateNode | undefined {
    if (target.startsWith("#")) {
      const [id, ...keys] = target.slice(1).split(".");
      return descend(this.ids.get(id!), keys);
    }
    if (target.startsWith(".")) return descend(source, target.slice(1).split("."));
    return descend(source.parent, target.split("."));
  }

  private plant(config: StateConfig, key: string, parent: StateNode | undefined, pointer: string): StateNode {
    const path = !parent || parent.path === "" ? key : `${parent.path}.${key}`;
    const track = parent ? (parent.track ?? key) : undefined;
    const node: StateNode = { path, key, pointer, config, parent, children: [], track };
    this.nodes.push(node);
    const id = parent ? config.id : this.document.id;
    if (id !== undefined) this.ids.set(id, node);
    for (const [name, child] of Object.entries(config.states ?? {})) {
      node.children.push(this.plant(child, name, node, childPointer(`${pointer}/states`, name)));
    }
    return node;
  }

  private collect(
    source: StateNode,
    kind: Branch["kind"],
    name: string,
    transitions: TransitionsConfig,
    pointer: string,
  ): void {
    const list = Array.isArray(transitions) ? transitions : [transitions];
    list.forEach((branch, index) => {
      const config = typeof branch === "string" ? { target: branch } : branch;
      this.branches.push({
        ...{ source, kind, name, config },
        pointer: Array.isArray(transitions) ? `${pointer}/${index}` : pointer,
        isLast: index === list.length - 1,
        target: config.target === undefined ? undefined : this.resolve(source, config.target),
      });
    });
  }
}

function descend(from: StateNode | undefined, keys: readonly string[]): StateNode | undefined {
  let node = from;
  for (const key of keys) node = node?.children.find((child) => child.key === key);
  return node;
}
