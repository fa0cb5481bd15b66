import type { Fault } from "../fault.js";
import { fault, type Check } from "./problem.js";

/** The engine raises this one itself. */
const OWN_FLAG = "setAside";

/** Flags have names of their own. */
export const checkFlags: Check = ({ document }) => {
  const seen = new Set<string>([OWN_FLAG]);
  return (document.flags ?? []).flatMap(({ name }, index): Fault[] => {
    const pointer = `/flags/${index}/name`;
    if (name === OWN_FLAG) return [fault(pointer, `The flag \`${name}\` is the engine's own: choose another name.`)];
    if (seen.has(name))
      return [fault(pointer, `Two flags are named \`${name}\`: choose another name for one of them.`)];
    seen.add(name);
    return [];
  });
};
