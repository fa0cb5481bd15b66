import type { JsonObject } from "../document/document.js";
import type { Fact } from "../fold/step.js";
import { formatInstant, type Instant, type PlainDate } from "../time.js";

/** Hidden from expressions: which fact an event that they see stands for, and its place in the log. */
const FACT = Symbol("fact");

/** An event as expressions see it. */
export interface ViewEvent {
  readonly type: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  readonly by: string | null;
  /** Free text is replaced by `true`. */
  readonly data: JsonObject;
  readonly [FACT]: { fact: Fact; place: number };
}

export interface FactLogOptions {
  /** Events that took part so far, in the order of the fold. */
  facts?: readonly Fact[];
  /** The site's calendar day of an instant. */
  dayOf: (at: Instant) => PlainDate;
  /** Place, in the log, of the first fact that counts as "since" the newest entry of a state; undefined: never entered. */
  entryOf: (statePath: string) => number | undefined;
  /** Hides free text from expressions: `Expressions.mask`. */
  mask: (type: string, data: JsonObject) => JsonObject;
}

const NONE: readonly ViewEvent[] = [];

/** The events that took part, in order, with a list for each type. The fold appends to it as it goes. */
export class FactLog {
  private readonly taken: Fact[] = [];
  private readonly seen: ViewEvent[] = [];
  private readonly byType = new Map<string, ViewEvent[]>();
  private readonly days = new Map<Instant, PlainDate>();

  constructor(private readonly options: FactLogOptions) {
    for (const fact of options.facts ?? []) this.push(fact);
  }

  get size(): number {
    return this.taken.length;
  }

  /** The facts themselves, free text as it was handed in. */
  get all(): readonly Fact[] {
    return this.taken;
  }

  push(fact: Fact): void {
    const event = makeEvent(fact, this.options.mask(fact.type, fact.data), this.taken.length);
    this.taken.push(fact);
    this.seen.push(event);
    const list = this.byType.get(fact.type);
    if (list) list.push(event);
    else this.byType.set(fact.type, [event]);
  }

  /** Takes back the newest fact: the event was tried and refused. */
  pop(): Fact | undefined {
    const fact = this.taken.pop();
    if (!fact) return undefined;
    this.seen.pop();
    this.byType.get(fact.type)?.pop();
    return fact;
  }

  /** The newest fact of a type. */
  latest(type: string): Fact | undefined {
    return this.events(type).at(-1)?.[FACT].fact;
  }

  /** What an expression is evaluated over. `withCurrent`: the newest fact is the event that is tried. */
  view(withCurrent: boolean): View {
    return new View(this, withCurrent ? (this.seen.at(-1) ?? null) : null);
  }

  /** Oldest first; `"*"` stands for all types. The list is the log's own: it is read at once and never kept. */
  events(type: string): readonly ViewEvent[] {
    return (type === "*" ? this.seen : this.byType.get(type)) ?? NONE;
  }

  since(type: string, statePath: string): readonly ViewEvent[] {
    const first = this.options.entryOf(statePath);
    return first === undefined ? NONE : this.from(type, first);
  }

  /** Those of a type at this place or behind it. */
  from(type: string, place: number): readonly ViewEvent[] {
    const list = this.events(type);
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]![FACT].place < place) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? list : list.slice(low);
  }

  dayOf(at: Instant): PlainDate {
    let day = this.days.get(at);
    if (day === undefined) this.days.set(at, (day = this.options.dayOf(at)));
    return day;
  }
}

/** The events that took part, seen at one moment of the fold. */
export class View {
  constructor(
    readonly log: FactLog,
    /** The event that is tried; null for timers, immediate transitions, flags and derived values. */
    readonly event: ViewEvent | null,
  ) {}
}

/** The fact behind an event of a list; undefined for any other value. */
export function factOf(event: unknown): { fact: Fact; place: number } | undefined {
  return typeof event === "object" && event !== null ? (event as Partial<ViewEvent>)[FACT] : undefined;
}

/** `at` is formatted only where it is read: few guards do. */
function makeEvent(fact: Fact, data: JsonObject, place: number): ViewEvent {
  let at: string | undefined;
  return {
    type: fact.type,
    get at() {
      return (at ??= formatInstant(fact.at));
    },
    by: fact.by,
    data,
    [FACT]: { fact, place },
  };
}
