import { meant, type Fault } from "../fault.js";
import { isReserved, LIFECYCLE_EVENTS } from "../lifecycle.js";
import { childPointer } from "../pointer.js";
import type { StateNode } from "../tree.js";
import { WILDCARD } from "../wildcards.js";
import { capital, fault, named, type Check } from "./problem.js";

/** Events and timers that are named are declared, and those that are declared are used. */
export const checkNames: Check = (subject) => [
  ...checkEventsNamed(subject),
  ...checkEventsTaken(subject),
  ...checkTimersNamed(subject),
  ...checkTimersUsed(subject),
];

const checkEventsNamed: Check = ({ document, tree }) =>
  tree.nodes.flatMap((node) =>
    Object.keys(node.config.on ?? {}).flatMap((type) => {
      const problem = eventProblem(node, type, Object.keys(document.events));
      return problem === undefined ? [] : [fault(childPointer(`${node.pointer}/on`, type), problem)];
    }),
  );

function eventProblem(node: StateNode, type: string, declared: readonly string[]): string | undefined {
  if (type === WILDCARD) {
    if (node.path !== "") return undefined;
    return 'The root of the machine takes `"*"`, which any track would hide from it: put it into the track that shall take every event.';
  }
  if (declared.includes(type) && !isReserved(type)) return undefined;
  if (isReserved(type)) return `${capital(named(node))} takes \`${type}\`, which is the engine's own: leave it out.`;
  if (type.includes(WILDCARD)) {
    return `${capital(named(node))} takes \`${type}\`: name each event, or write \`"*"\` for all of them.`;
  }
  return `${capital(named(node))} takes the unknown event \`${type}\`: declare it in \`events\`; ${meant(type, declared, "event")}.`;
}

const checkEventsTaken: Check = ({ document, tree }) => {
  const taken = new Set(tree.nodes.flatMap((node) => Object.keys(node.config.on ?? {})));
  if (taken.has(WILDCARD)) return [];
  const unused = Object.keys(document.events).filter((type) => !taken.has(type) && !isReserved(type));
  return unused.map((type) =>
    fault(
      childPointer("/events", type),
      `No state takes the event \`${type}\`, so it would always be refused: name it in \`on\` of a state (\`${type}: {}\` records it), or leave it out.`,
    ),
  );
};

const checkTimersNamed: Check = ({ document, tree }) => {
  const timers = Object.keys(document.timers ?? {});
  const faults: Fault[] = [];
  for (const node of tree.nodes) {
    for (const name of Object.keys(node.config.after ?? {})) {
      if (timers.includes(name)) continue;
      const message = `${capital(named(node))} waits for the unknown timer \`${name}\`: declare it in \`timers\`; ${meant(name, timers, "timer")}.`;
      faults.push(fault(childPointer(`${node.pointer}/after`, name), message));
    }
  }
  return faults;
};

const checkTimersUsed: Check = ({ document, tree }) => {
  const used = new Set(tree.nodes.flatMap((node) => Object.keys(node.config.after ?? {})));
  const faults: Fault[] = [];
  for (const [name, { from }] of Object.entries(document.timers ?? {})) {
    const pointer = childPointer("/timers", name);
    if (!used.has(name)) {
      faults.push(
        fault(pointer, `No state uses the timer \`${name}\`: name it in \`after\` of a state, or leave it out.`),
      );
    }
    const events = [...Object.keys(document.events), ...Object.keys(LIFECYCLE_EVENTS)];
    if (from !== undefined && !events.includes(from)) {
      faults.push(
        fault(
          `${pointer}/from`,
          `The timer \`${name}\` counts from the unknown event \`${from}\`: ${meant(from, events, "event")}.`,
        ),
      );
    }
  }
  return faults;
};
