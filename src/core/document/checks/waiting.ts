import type { StateConfig } from "../document.js";
import type { Fault } from "../fault.js";
import { domainOf, enter, enteredBy, isSelfOrWithin, isWithin, lineage } from "../reach.js";
import type { StateNode, StateTree } from "../tree.js";
import { capital, fault, named, type Check } from "./problem.js";

/** Every state can be reached, somebody or something waits in it, and every task can be closed. */
export const checkWaiting: Check = (subject) => [
  ...checkReachable(subject),
  ...checkSomebodyWaits(subject),
  ...checkTasksClose(subject),
];

const checkReachable: Check = ({ tree }) => {
  const reached = reachedStates(tree);
  // What lies within an unreachable state, or within one that says not how it begins, is not told as well.
  const lost = tree.nodes.filter((node) => {
    const { parent } = node;
    return !reached.has(node) && parent !== undefined && reached.has(parent) && begins(parent);
  });
  return lost.map((node) =>
    fault(node.pointer, `${capital(named(node))} is never reached: lead a transition to it, or leave it out.`),
  );
};

function begins({ parent, config, children }: StateNode): boolean {
  return parent === undefined ? config.type === "parallel" : children.some(({ key }) => key === config.initial);
}

/** Guards are taken as if they could hold. */
function reachedStates(tree: StateTree): Set<StateNode> {
  const reached = new Set<StateNode>();
  enter(tree.root, reached);
  let before: number;
  do {
    before = reached.size;
    for (const branch of tree.branches) {
      if (reached.has(branch.source)) for (const node of enteredBy(branch)) reached.add(node);
    }
  } while (reached.size > before);
  return reached;
}

const checkSomebodyWaits: Check = ({ tree }) =>
  tree.nodes
    .filter((node) => node.children.length === 0 && node.config.type !== "history" && !isPassedThrough(node))
    .filter((node) => !lineage(node).some(({ config }) => isWatched(config)))
    .map((node) =>
      fault(
        node.pointer,
        `Nobody waits in ${named(node)}, which has neither a task nor a timer: add one, or mark it with \`meta: {quiet: true}\`.`,
      ),
    );

function isWatched({ meta, after }: StateConfig): boolean {
  return meta?.task !== undefined || meta?.quiet === true || Object.keys(after ?? {}).length > 0;
}

/** Left as soon as it is entered. */
function isPassedThrough({ config: { always } }: StateNode): boolean {
  if (always === undefined) return false;
  const list = Array.isArray(always) ? always : [always];
  return list.some((branch) => typeof branch === "string" || branch.guard === undefined);
}

const checkTasksClose: Check = ({ tree }) => {
  const faults: Fault[] = [];
  for (const node of tree.nodes) {
    const task = node.config.meta?.task;
    if (!task || node.config.type === "final") continue;
    const closes = tree.branches.some((branch) => {
      const domain = branch.kind === "on" ? domainOf(branch) : undefined;
      const related = isSelfOrWithin(branch.source, node) || isWithin(node, branch.source);
      return domain !== undefined && related && isWithin(node, domain);
    });
    // A target that is none is told by itself.
    const unknown = tree.branches.some(
      ({ source, config, target }) => isSelfOrWithin(source, node) && config.target !== undefined && !target,
    );
    if (closes || unknown) continue;
    const message = `No event closes the task "${task.title}" of ${named(node)}: let an event lead out of the state.`;
    faults.push(fault(`${node.pointer}/meta/task`, message));
  }
  return faults;
};
