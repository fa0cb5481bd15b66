import type { Calendar } from "../calendar.js";
import type { FactLog } from "../expressions/index.js";
import type { Pathway } from "../machine/pathway.js";
import type { Instant } from "../time.js";
import type { Fact } from "./step.js";

export interface Asked {
  /** What is unusual about the data, one sentence each: held until confirmed. */
  confirm: string[];
  /** Fields of the data that are demanded and missing. */
  requires: { field: string; text: string }[];
}

/**
 * What the document asks about an event when it is recorded, once, and never in a fold (fold.md F6). `before` holds
 * the events that take part before it.
 */
export function asks(pathway: Pathway, calendar: Calendar, event: Fact, before: FactLog): Asked {
  const declared = pathway.document.events[event.type];
  if (!declared) return { confirm: [], requires: [] };
  const surroundings = { dayOf: (at: Instant) => calendar.dateOf(at), entryOf: () => undefined };
  const view = before.append(event).view(true, surroundings);
  const holds = (when: string): boolean => pathway.expressions.guard(when, event.type)(view);
  return {
    confirm: (declared.confirm ?? []).filter(({ when }) => holds(when)).map(({ text }) => text),
    requires: (declared.requires ?? [])
      .filter(({ when, field }) => event.data[field] === undefined && holds(when))
      .map(({ field, text }) => ({ field, text })),
  };
}
