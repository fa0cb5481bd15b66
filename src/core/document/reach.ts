import type { Branch, StateNode } from "./tree.js";

/** Whether a state lies within another one, however deep. */
export function isWithin(node: StateNode, ancestor: StateNode): boolean {
  for (let up = node.parent; up; up = up.parent) if (up === ancestor) return true;
  return false;
}

export function isSelfOrWithin(node: StateNode, ancestor: StateNode): boolean {
  return node === ancestor || isWithin(node, ancestor);
}

/** A state and all those around it, the root last. */
export function lineage(node: StateNode): StateNode[] {
  const line: StateNode[] = [];
  for (let up: StateNode | undefined = node; up; up = up.parent) line.push(up);
  return line;
}

/**
 * XState's domain of a transition: every active state within it is left. Undefined where nothing is left, because the
 * transition has no target.
 */
export function domainOf({ source, target, config }: Branch): StateNode | undefined {
  if (!target) return undefined;
  if (config.reenter !== true && isSelfOrWithin(target, source)) return source;
  return lineage(target)
    .slice(1)
    .find((ancestor) => isWithin(source, ancestor));
}

/** States that a branch enters: from its domain down to its target, and what the target begins with. */
export function enteredBy(branch: Branch): Set<StateNode> {
  const entered = new Set<StateNode>();
  const { target } = branch;
  if (!target) return entered;
  const domain = domainOf(branch);
  if (target === domain) {
    // Not entered anew itself; what is within is.
    for (const begun of beginnings(target)) enter(begun, entered);
    return entered;
  }
  enter(target, entered);
  for (const ancestor of lineage(target).slice(1)) {
    if (ancestor.config.type === "parallel" && (ancestor === domain || !domain || isWithin(ancestor, domain))) {
      for (const region of ancestor.children) if (!isSelfOrWithin(target, region)) enter(region, entered);
    }
    if (ancestor === domain) break;
    entered.add(ancestor);
  }
  return entered;
}

/** A state with everything that is active once it is entered. */
export function enter(node: StateNode, entered: Set<StateNode>): void {
  if (entered.has(node)) return;
  entered.add(node);
  for (const begun of beginnings(node)) enter(begun, entered);
}

/** What a state begins with. A history state that remembers nothing begins as its parent does, or where it says. */
function beginnings(node: StateNode): StateNode[] {
  const { type, initial, target } = node.config;
  if (type === "parallel") return node.children;
  const named = type === "history" ? (target?.replace(/^\./, "") ?? node.parent?.config.initial) : initial;
  const among = type === "history" ? (node.parent?.children ?? []) : node.children;
  return among.filter(({ key }) => key === named);
}
