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

/** Hides free text from expressions: `Expressions.mask`. */
export type Mask = (type: string, data: JsonObject) => JsonObject;

/** What expressions may ask that the events alone do not tell. */
export interface Surroundings {
  /** The site's calendar day of an instant. */
  dayOf: (at: Instant) => PlainDate;
  /** Place, in the log, of the first fact that counts as "since" the newest entry of a state; undefined: never entered. */
  entryOf: (statePath: string) => number | undefined;
}

/** Shared by the handles that grew from one another. It only grows, and each handle sees no more than its own part. */
interface Entries {
  readonly seen: ViewEvent[];
  readonly byType: Map<string, ViewEvent[]>;
}

const NONE: readonly ViewEvent[] = [];

/**
 * The events that took part, in the order of the fold, with a list for each type: an immutable value. Appending gives
 * another one and costs nothing per event before, as long as it is done to the newest; an older one copies its part.
 */
export class FactLog {
  private constructor(
    private readonly mask: Mask,
    private readonly entries: Entries,
    readonly size: number,
  ) {}

  static empty(mask: Mask): FactLog {
    return new FactLog(mask, { seen: [], byType: new Map() }, 0);
  }

  append(fact: Fact): FactLog {
    const { seen } = this.entries;
    if (seen[this.size]?.[FACT].fact === fact) return this.resized(this.size + 1);
    const entries = seen.length === this.size ? this.entries : this.copied();
    const event = makeEvent(fact, this.mask(fact.type, fact.data), this.size);
    entries.seen.push(event);
    const list = entries.byType.get(fact.type);
    if (list) list.push(event);
    else entries.byType.set(fact.type, [event]);
    return new FactLog(this.mask, entries, this.size + 1);
  }

  /** Those that come before an event, itself on record here or not, in the order of the fold (fold.md F3). */
  before(event: Fact): FactLog {
    const [first] = this.entries.seen;
    if (this.size === 0 || first![FACT].fact.seq === event.seq) return this.resized(0);
    // The enrolment is the first whatever its instant.
    const comesBefore = ({ at, seq }: Fact): boolean => at < event.at || (at === event.at && seq < event.seq);
    return this.resized(count(this.entries.seen, 1, this.size, (entry) => comesBefore(entry[FACT].fact)));
  }

  /** The facts themselves, oldest first, free text as it was handed in. A copy. */
  facts(): Fact[] {
    return this.events("*").map((event) => event[FACT].fact);
  }

  /** The newest fact of all. */
  last(): Fact | undefined {
    return this.entries.seen[this.size - 1]?.[FACT].fact;
  }

  /** The newest fact of a type. */
  latest(type: string): Fact | undefined {
    return this.events(type).at(-1)?.[FACT].fact;
  }

  /** The newest fact of each type, in the order in which the types appeared. */
  newest(): Fact[] {
    return [...this.entries.byType.keys()].flatMap((type) => this.latest(type) ?? []);
  }

  /** What an expression is evaluated over. `withCurrent`: the newest fact is the event that is tried. */
  view(withCurrent: boolean, surroundings: Surroundings): View {
    return new View(this, withCurrent ? (this.entries.seen[this.size - 1] ?? null) : null, surroundings);
  }

  /** Oldest first; `"*"` stands for all types. The list may be the log's own: it is read at once and never kept. */
  events(type: string): readonly ViewEvent[] {
    return this.from(type, 0);
  }

  /** Those of a type at this place or behind it. */
  from(type: string, place: number): readonly ViewEvent[] {
    const list = (type === "*" ? this.entries.seen : this.entries.byType.get(type)) ?? NONE;
    const low = place === 0 ? 0 : placesBefore(list, place);
    const high = placesBefore(list, this.size);
    return low === 0 && high === list.length ? list : list.slice(low, high);
  }

  private resized(size: number): FactLog {
    return size === this.size ? this : new FactLog(this.mask, this.entries, size);
  }

  private copied(): Entries {
    const byType = new Map<string, ViewEvent[]>();
    for (const [type, list] of this.entries.byType) {
      const own = list.slice(0, placesBefore(list, this.size));
      if (own.length > 0) byType.set(type, own);
    }
    return { seen: this.entries.seen.slice(0, this.size), byType };
  }
}

/** The events that took part, seen at one moment of the fold. */
export class View {
  constructor(
    readonly log: FactLog,
    /** The event that is tried; null for timers, immediate transitions, flags and derived values. */
    readonly event: ViewEvent | null,
    private readonly surroundings: Surroundings,
  ) {}

  /** Those of a type from the newest entry of a state on. */
  since(type: string, statePath: string): readonly ViewEvent[] {
    const first = this.surroundings.entryOf(statePath);
    return first === undefined ? NONE : this.log.from(type, first);
  }

  dayOf(at: Instant): PlainDate {
    return this.surroundings.dayOf(at);
  }
}

/** The fact behind an event of a list; undefined for any other value. */
export function factOf(event: unknown): { fact: Fact; place: number } | undefined {
  return typeof event === "object" && event !== null ? (event as Partial<ViewEvent>)[FACT] : undefined;
}

/** How many of a list have a lower place than this. */
function placesBefore(list: readonly ViewEvent[], place: number): number {
  const last = list.at(-1);
  if (!last || last[FACT].place < place) return list.length;
  return count(list, 0, list.length, (event) => event[FACT].place < place);
}

/** Where, between two places, entries stop to be such: those that are come first. */
function count<T>(list: readonly T[], low: number, high: number, isSuch: (entry: T) => boolean): number {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSuch(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
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
