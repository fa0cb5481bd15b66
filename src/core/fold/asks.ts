import type { Calendar } from "../calendar.js";
import { FactLog } from "../expressions/index.js";
import type { Pathway } from "../machine/pathway.js";
import type { Fact } from "./step.js";

export interface Asked {
  /** What is unusual about the data, one sentence each: held until confirmed. */
  confirm: string[];
  /** Fields of the data that are demanded and missing. */
  requires: { field: string; text: string }[];
}

/**
 * What the document asks about an event when it is recorded, once, and never in a fold (fold.md F6). `earlier` are the
 * events that take part before it, in order.
 */
export function asks(pathway: Pathway, calendar: Calendar, event: Fact, earlier: readonly Fact[]): Asked {
  const declared = pathway.document.events[event.type];
  if (!declared) return { confirm: [], requires: [] };
  const log = new FactLog({
    ...{ facts: earlier, mask: pathway.expressions.mask },
    dayOf: (at) => calendar.dateOf(at),
    entryOf: () => undefined,
  });
  log.push(event);
  const holds = (when: string): boolean => pathway.expressions.guard(when, event.type)(log.view(true));
  return {
    confirm: (declared.confirm ?? []).filter(({ when }) => holds(when)).map(({ text }) => text),
    requires: (declared.requires ?? [])
      .filter(({ when, field }) => event.data[field] === undefined && holds(when))
      .map(({ field, text }) => ({ field, text })),
  };
}
