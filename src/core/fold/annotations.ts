import type { Json } from "../document/document.js";
import { SET_ASIDE } from "../document/index.js";
import { ExpressionError, type View } from "../expressions/index.js";
import type { Pathway } from "../machine/pathway.js";
import type { EnrolledProjection, RaisedFlag, Warning } from "./projection.js";

/**
 * The flags and derived values of a document. They gate nothing: one whose expression fails keeps nobody from recording
 * or reading, and is never taken for "no". It is shown as a flag with its `fault`. (A guard that fails is a fault.)
 */
export function annotationsOf(
  pathway: Pathway,
  view: View,
  setAside: number,
): Pick<EnrolledProjection, "flags" | "derived"> {
  const flags: RaisedFlag[] = [];
  for (const { name, severity, text, when, holdsMessages } of pathway.document.flags ?? []) {
    const holds = attempt(() => pathway.expressions.guard(when, null)(view));
    const holding = holdsMessages === true && { holdsMessages };
    if ("fault" in holds) {
      // Where nobody knows whether the patient may be written to, nobody writes.
      flags.push({ ...unknown(name, `Nobody knows whether this holds: ${text}`, holds.fault), ...holding });
    } else if (holds.value) flags.push({ name, severity, text, ...holding });
  }
  const derived: Record<string, Json> = {};
  for (const name of Object.keys(pathway.document.derived ?? {})) {
    const found = attempt(() => pathway.expressions.derived(name, view));
    if ("fault" in found) flags.push(unknown(name, `The value "${name}" could not be worked out.`, found.fault));
    derived[name] = "fault" in found ? null : found.value;
  }
  if (setAside > 0) flags.push(EVENTS_SET_ASIDE);
  return { flags, derived };
}

export function warningsAmong(flags: readonly RaisedFlag[]): Warning[] {
  return flags.filter(({ severity }) => severity !== "info").map(({ name, text }) => ({ name, text }));
}

export const EVENTS_SET_ASIDE: RaisedFlag = {
  name: SET_ASIDE,
  severity: "warning",
  text: "Events on record take no part, because nothing takes them at their place. Please review them.",
};

function unknown(name: string, text: string, fault: string): RaisedFlag {
  return { name, severity: "warning", text, fault };
}

function attempt<T>(evaluate: () => T): { value: T } | { fault: string } {
  try {
    return { value: evaluate() };
  } catch (error) {
    if (error instanceof ExpressionError) return { fault: error.message };
    throw error;
  }
}
