import type { Cel, PathwayDocument, StateConfig, TransitionsConfig } from "../document/document.js";
import { childPointer } from "../document/pointer.js";

/** An expression where it stands in a document. */
export interface Expression {
  source: Cel;
  /** What it must give. */
  gives: "boolean" | "json";
  /** Type of the event that it sees; `"*"`: any declared one; null: none. */
  eventType: string | null;
  /** JSON pointer into the document. */
  pointer: string;
  /** In words, for messages: ``the guard of `treatment.waiting` on `response.assessed` ``. */
  place: string;
}

/** Every CEL expression of a document. */
export function listExpressions(document: PathwayDocument): Expression[] {
  const found: Expression[] = [];
  const condition = (source: Cel, eventType: string | null, pointer: string, place: string): void => {
    found.push({ source, gives: "boolean", eventType, pointer, place });
  };
  for (const [type, event] of Object.entries(document.events)) {
    const pointer = childPointer("/events", type);
    event.confirm?.forEach(({ when }, index) =>
      condition(when, type, `${pointer}/confirm/${index}/when`, `what \`${type}\` asks to confirm`),
    );
    event.requires?.forEach(({ when }, index) =>
      condition(when, type, `${pointer}/requires/${index}/when`, `what \`${type}\` requires`),
    );
  }
  listGuards(document.machine, "", "/machine", condition);
  document.flags?.forEach(({ name, when }, index) =>
    condition(when, null, `/flags/${index}/when`, `the flag \`${name}\``),
  );
  for (const [name, { value }] of Object.entries(document.derived ?? {})) {
    const pointer = `${childPointer("/derived", name)}/value`;
    found.push({ source: value, gives: "json", eventType: null, pointer, place: `the derived value \`${name}\`` });
  }
  return found;
}

type Add = (source: Cel, eventType: string | null, pointer: string, place: string) => void;

function listGuards(state: StateConfig, path: string, pointer: string, add: Add): void {
  const named = path === "" ? "the root" : `\`${path}\``;
  for (const [type, transitions] of Object.entries(state.on ?? {})) {
    const place = `the guard of ${named} on \`${type}\``;
    guardsOf(transitions, childPointer(`${pointer}/on`, type), (source, at) => add(source, type, at, place));
  }
  for (const [timer, transitions] of Object.entries(state.after ?? {})) {
    const place = `the guard of ${named} after the timer \`${timer}\``;
    guardsOf(transitions, childPointer(`${pointer}/after`, timer), (source, at) => add(source, null, at, place));
  }
  if (state.always !== undefined) {
    const place = `the guard of ${named} on \`always\``;
    guardsOf(state.always, `${pointer}/always`, (source, at) => add(source, null, at, place));
  }
  for (const [key, child] of Object.entries(state.states ?? {})) {
    listGuards(child, path === "" ? key : `${path}.${key}`, childPointer(`${pointer}/states`, key), add);
  }
}

function guardsOf(transitions: TransitionsConfig, pointer: string, add: (source: Cel, pointer: string) => void): void {
  const listed = Array.isArray(transitions);
  (listed ? transitions : [transitions]).forEach((transition, index) => {
    if (typeof transition === "string" || transition.guard === undefined) return;
    add(transition.guard, `${listed ? `${pointer}/${index}` : pointer}/guard`);
  });
}
