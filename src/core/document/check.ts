import { checkExpressions } from "../expressions/check.js";
import { checkFlags } from "./checks/annotations.js";
import { checkDurations } from "./checks/durations.js";
import { checkEvents } from "./checks/events.js";
import { checkLoops } from "./checks/loops.js";
import { checkNames } from "./checks/names.js";
import type { Check } from "./checks/problem.js";
import { checkRungs } from "./checks/rungs.js";
import { checkShape } from "./checks/shape.js";
import { checkTransitions } from "./checks/transitions.js";
import { checkWaiting } from "./checks/waiting.js";
import type { PathwayDocument } from "./document.js";
import { locateFault, type Fault, type Locate } from "./fault.js";
import { StateTree } from "./tree.js";

const CHECKS: readonly Check[] = [
  checkShape,
  checkEvents,
  checkNames,
  checkDurations,
  checkTransitions,
  checkWaiting,
  checkLoops,
  checkFlags,
  checkRungs,
];

/**
 * Whether a document of the right form makes sense: every fault in one sentence that says what is wrong, where, and
 * how to mend it, in the order of the text. `locate` (from `parseDocument`) adds lines and columns.
 */
export function checkDocument(document: PathwayDocument, locate?: Locate): Fault[] {
  const tree = new StateTree(document);
  const faults = CHECKS.flatMap((check) => check({ document, tree }));
  // Types come from the schemas: with broken ones, nothing about expressions can be told.
  const schemas = faults.some(({ pointer }) => /^\/(events|definitions)\//.test(pointer));
  if (!schemas) faults.push(...checkExpressions(document, tree.paths));
  return faults.map((fault) => locateFault(fault, locate)).sort(byPlace);
}

function byPlace(one: Fault, other: Fault): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
