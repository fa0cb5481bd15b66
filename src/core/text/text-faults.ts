import type { DataFault } from "../document/fault.js";
import { FaultList } from "./fault-list.js";

/** More than anything that is reported needs, and few enough for whatever goes down a value step by step. */
export const DEEPEST = 64;

/**
 * What no record could hold of a value that came from outside, in its order. PostgreSQL refuses NUL and lone surrogates in
 * text, and JSON has no number beyond a double's range; told here, they never become a fault of ours.
 */
export function textFaults(value: unknown): DataFault[] {
  const faults = new FaultList();
  look(value, [], faults);
  return faults.toArray();
}

function look(value: unknown, path: string[], faults: FaultList): void {
  if (typeof value === "string") {
    const detail = faultOf(value);
    if (detail) faults.add(path, detail);
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) faults.add(path, "The number is out of range.");
  } else if (typeof value === "object" && value !== null) {
    if (path.length >= DEEPEST) {
      faults.add(path, `This is nested deeper than ${DEEPEST} levels.`);
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      const detail =
        faultOf(key) ??
        (key === "__proto__" ? "`__proto__` is not taken as the name of a field: leave it out." : undefined);
      if (detail) faults.add(path, detail);
      path.push(key);
      look(member, path, faults);
      path.pop();
    }
  }
}

function faultOf(text: string): string | undefined {
  if (text.includes("\0")) return "The text contains a NUL character, which cannot be stored.";
  return text.isWellFormed() ? undefined : "The text is not well-formed Unicode.";
}
