import { canonicalJson } from "../canonical.js";
import type { JsonObject } from "../document/document.js";
import type { StateValue } from "../fold/stored.js";
import type { Pathway } from "../machine/pathway.js";
import { parseInstant } from "../time.js";
import { projectLines } from "./lines.js";

/** A patient story as data: what was reported, and what must hold at given instants. */
export interface Story {
  story: string;
  pathway?: string;
  timeZone?: string;
  events: unknown[];
  expect: Expectation[];
  note?: string;
}

export interface Expectation {
  asOf: string;
  knownAt?: string;
  status?: string;
  /** By track; a name matches where it stands anywhere in the track's value. */
  state?: Record<string, StateValue>;
  tasks?: { key: string; openedAt?: string; dueAt?: string }[];
  timers?: { name: string; state?: string; dueAt?: string; status?: string }[];
  /** Task keys and timer names that must not be there. */
  absent?: string[];
  /** Indexes of the events that must have been refused by then. */
  refused?: number[];
  noTasks?: boolean;
  noTimers?: boolean;
  latest?: Record<string, JsonObject>;
  flags?: string[];
}

const FIELDS = new Set(
  "asOf knownAt status state tasks timers absent refused noTasks noTimers latest flags".split(" "),
);

/** One sentence for each expectation that does not hold; empty where all do. */
export function runStory(pathway: Pathway, story: Story): string[] {
  return story.expect.flatMap((expected) => {
    const { asOf, knownAt } = expected;
    const actual = projectLines(pathway, story.events, {
      asOf,
      knownAt,
      timeZone: story.timeZone,
    }) as unknown as Actual;
    return differences(expected, actual).map(
      (difference) => `As of ${asOf}${knownAt ? ` (known at ${knownAt})` : ""}: ${difference}`,
    );
  });
}

interface Actual {
  status: string;
  state?: Record<string, StateValue>;
  tasks?: { key: string; openedAt: string; dueAt: string }[];
  timers?: { name: string; state: string; dueAt: string; status: string }[];
  refused?: { index: number; reason: string }[];
  latest?: Record<string, { data: JsonObject }>;
  flags?: { name: string }[];
}

function* differencesOf(expected: Expectation, actual: Actual): Generator<string> {
  const { tasks = [], timers = [], refused = [], flags = [], latest = {} } = actual;
  for (const field of Object.keys(expected)) if (!FIELDS.has(field)) yield `"${field}" is no field of an expectation.`;
  if (expected.status !== undefined && expected.status !== actual.status) {
    yield `the status is ${actual.status}, not ${expected.status}.`;
  }
  for (const [track, value] of Object.entries(expected.state ?? {})) {
    const found = actual.state?.[track];
    if (found === undefined || !matches(value, found)) {
      yield `${track} is in ${JSON.stringify(found ?? null)}, not ${JSON.stringify(value)}.`;
    }
  }
  for (const task of expected.tasks ?? []) {
    if (!tasks.some((open) => agrees(task, open))) {
      yield `no open task is ${JSON.stringify(task)}; open are ${JSON.stringify(tasks)}.`;
    }
  }
  for (const timer of expected.timers ?? []) {
    if (!timers.some((armed) => agrees(timer, armed))) {
      yield `no timer is ${JSON.stringify(timer)}; armed are ${JSON.stringify(timers)}.`;
    }
  }
  for (const name of expected.absent ?? []) {
    if (tasks.some(({ key }) => key === name)) yield `task ${name} is open.`;
    if (timers.some((timer) => timer.name === name)) yield `timer ${name} is armed.`;
  }
  for (const index of expected.refused ?? []) {
    if (!refused.some((line) => line.index === index)) yield `event ${index} was not refused.`;
  }
  if (expected.noTasks && tasks.length > 0) yield `tasks are open: ${tasks.map(({ key }) => key).join(", ")}.`;
  if (expected.noTimers && timers.length > 0) yield `timers are armed: ${timers.map(({ name }) => name).join(", ")}.`;
  for (const [type, data] of Object.entries(expected.latest ?? {})) {
    if (!(type in latest) || canonicalJson(latest[type]!.data) !== canonicalJson(data)) {
      yield `the newest data of ${type} is ${JSON.stringify(latest[type]?.data ?? null)}, not ${JSON.stringify(data)}.`;
    }
  }
  for (const name of expected.flags ?? []) {
    if (!flags.some((flag) => flag.name === name)) yield `flag ${name} is not raised.`;
  }
}

function differences(expected: Expectation, actual: Actual): string[] {
  return [...differencesOf(expected, actual)];
}

/** Every field that is given: instants compared as instants. */
function agrees(expected: object, actual: object): boolean {
  return Object.entries(expected).every(([field, value]) => {
    const found = (actual as Record<string, unknown>)[field];
    return field.endsWith("At") ? parseInstant(String(value)) === parseInstant(String(found)) : value === found;
  });
}

/** A name matches where it (or its dotted path) stands anywhere in the value; an object matches member by member. */
function matches(expected: StateValue, actual: StateValue): boolean {
  if (typeof expected === "string") return pathsOf(actual).some((path) => `.${path}.`.includes(`.${expected}.`));
  if (typeof actual === "string") return false;
  return Object.entries(expected).every(([key, value]) => actual[key] !== undefined && matches(value, actual[key]));
}

function pathsOf(value: StateValue): string[] {
  if (typeof value === "string") return [value];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => `${key}.${path}`));
}
