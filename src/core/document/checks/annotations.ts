import type { Fault } from "../fault.js";
import { SET_ASIDE } from "../lifecycle.js";
import { fault, type Check } from "./problem.js";

/** Flags have names of their own. */
export const checkFlags: Check = ({ document }) => {
  const seen = new Set<string>([SET_ASIDE]);
  return (document.flags ?? []).flatMap(({ name }, index): Fault[] => {
    const pointer = `/flags/${index}/name`;
    if (name === SET_ASIDE) return [fault(pointer, `The flag \`${name}\` is the engine's own: choose another name.`)];
    if (seen.has(name))
      return [fault(pointer, `Two flags are named \`${name}\`: choose another name for one of them.`)];
    seen.add(name);
    return [];
  });
};
