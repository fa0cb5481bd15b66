import { listed, meant, type Fault } from "../fault.js";
import type { StateNode } from "../tree.js";
import { capital, fault, named, type Check } from "./problem.js";

/** The machine has an id, tracks that are its regions, and states that are put together as XState wants them. */
export const checkShape: Check = (subject) => [
  ...checkRoot(subject),
  ...subject.tree.nodes.flatMap(checkNode),
  ...checkIds(subject),
];

const checkRoot: Check = ({ document, tree }) => {
  const faults: Fault[] = [];
  const { id, type } = document.machine;
  if (id !== undefined && id !== document.id) {
    faults.push(
      fault(
        "/machine/id",
        `The machine's id is \`${id}\` and the pathway's \`${document.id}\`: leave the machine's out, or make them the same.`,
      ),
    );
  }
  if (type !== "parallel") {
    faults.push(
      fault("/machine", "The machine is not parallel: write `type: parallel`, and one state for each track."),
    );
    return faults;
  }
  const regions = tree.root.children.map(({ key }) => key);
  const titled = Object.keys(document.tracks);
  for (const node of tree.root.children) {
    if (titled.includes(node.key)) continue;
    faults.push(fault(node.pointer, `The track \`${node.key}\` has no title: add \`${node.key}\` to \`tracks\`.`));
  }
  for (const name of titled) {
    if (regions.includes(name)) continue;
    const mend = `add it to \`machine.states\`, or leave it out; ${meant(name, regions, "region")}`;
    faults.push(fault(`/tracks/${name}`, `The track \`${name}\` is no region of the machine: ${mend}.`));
  }
  return faults;
};

function checkNode(node: StateNode): Fault[] {
  switch (kindOf(node)) {
    case "parallel":
      return checkParallel(node);
    case "compound":
      return checkCompound(node);
    case "history":
      return checkHistory(node);
    case "final":
      return checkFinal(node);
    default:
      return checkAtomic(node);
  }
}

/** What a state is, as XState sees it. */
function kindOf({ config, children }: StateNode): string {
  return config.type ?? (children.length > 0 ? "compound" : "atomic");
}

function checkParallel(node: StateNode): Fault[] {
  const faults = checkNoHistory(node);
  if (node.children.length === 0) {
    faults.push(
      fault(
        node.pointer,
        `${capital(named(node))} is parallel and has no states: add \`states\`, or leave \`type\` out.`,
      ),
    );
  }
  if (node.config.initial !== undefined) {
    const message = `${capital(named(node))} is parallel: all its states are active together, so leave \`initial\` out.`;
    faults.push(fault(`${node.pointer}/initial`, message));
  }
  return faults;
}

function checkCompound(node: StateNode): Fault[] {
  const faults = checkNoHistory(node);
  const { initial } = node.config;
  const keys = node.children.filter(({ config }) => config.type !== "history").map(({ key }) => key);
  if (node.children.length === 0) {
    faults.push(
      fault(
        node.pointer,
        `${capital(named(node))} is compound and has no states: add \`states\`, or leave \`type\` out.`,
      ),
    );
  } else if (initial === undefined) {
    faults.push(
      fault(
        node.pointer,
        `${capital(named(node))} has states and no \`initial\`: name the one that is entered first, ${listed(keys, "or")}.`,
      ),
    );
  } else if (!keys.includes(initial)) {
    const message = `${capital(named(node))} begins with \`${initial}\`, which is no state within it: ${meant(initial, keys, "state within it")}.`;
    faults.push(fault(`${node.pointer}/initial`, message));
  }
  return faults;
}

function checkHistory(node: StateNode): Fault[] {
  const faults = onlyOf(node, ["type", "history", "target", "id", "description"], "is a history state");
  const { target } = node.config;
  const siblings = (node.parent?.children ?? []).filter((sibling) => sibling !== node).map(({ key }) => key);
  if (!node.parent || node.parent.config.type === "parallel") {
    faults.push(
      fault(
        node.pointer,
        `${capital(named(node))} is a history state of a parallel one: put it into a state with \`initial\`.`,
      ),
    );
  } else if (target !== undefined && !siblings.includes(target)) {
    const message = `${capital(named(node))} leads to \`${target}\`, which is no state beside it: ${meant(target, siblings, "state beside it")}.`;
    faults.push(fault(`${node.pointer}/target`, message));
  }
  return faults;
}

function checkFinal(node: StateNode): Fault[] {
  const faults = onlyOf(node, ["type", "id", "description", "meta"], "is final");
  if (node.config.meta?.task) {
    faults.push(
      fault(
        `${node.pointer}/meta/task`,
        `${capital(named(node))} is final and is never left: its task would never close, so leave one of the two out.`,
      ),
    );
  }
  return faults;
}

function checkAtomic(node: StateNode): Fault[] {
  const faults = checkNoHistory(node);
  if (node.children.length > 0) {
    faults.push(fault(`${node.pointer}/type`, `${capital(named(node))} is atomic and has states: leave \`type\` out.`));
  } else if (node.config.initial !== undefined) {
    faults.push(
      fault(
        `${node.pointer}/initial`,
        `${capital(named(node))} has \`initial\` and no states: add \`states\`, or leave \`initial\` out.`,
      ),
    );
  }
  return faults;
}

function checkNoHistory(node: StateNode): Fault[] {
  const keys = (["history", "target"] as const).filter((key) => node.config[key] !== undefined);
  return keys.map((key) =>
    fault(
      `${node.pointer}/${key}`,
      `${capital(named(node))} is no history state: leave \`${key}\` out, or write \`type: history\`.`,
    ),
  );
}

function onlyOf(node: StateNode, allowed: readonly string[], because: string): Fault[] {
  const others = Object.keys(node.config).filter((key) => !allowed.includes(key));
  return others.map((key) =>
    fault(`${node.pointer}/${key}`, `${capital(named(node))} ${because}: leave \`${key}\` out.`),
  );
}

const checkIds: Check = ({ document, tree }) => {
  const faults: Fault[] = [];
  const taken = new Map<string, StateNode>([[document.id, tree.root]]);
  for (const node of tree.nodes) {
    const { id } = node.config;
    if (id === undefined || node === tree.root) continue;
    const other = taken.get(id);
    if (other)
      faults.push(
        fault(
          `${node.pointer}/id`,
          `The id \`${id}\` of ${named(node)} is that of ${named(other)} already: choose another one.`,
        ),
      );
    else taken.set(id, node);
  }
  return faults;
};
