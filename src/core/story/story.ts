import { parse } from "yaml";
import { canonicalJson } from "../canonical.js";
import type { JsonObject } from "../document/document.js";
import { formatFault, listed, meant } from "../document/fault.js";
import { tooDeepAt } from "../document/depth.js";
import { parseDocument } from "../document/index.js";
import type { Rung, StateValue } from "../fold/stored.js";
import type { Pathway } from "../machine/pathway.js";
import { parseInstant } from "../time.js";
import { textFaults } from "../text/text-faults.js";
import { isObject, LineFault, projectLines } from "./lines.js";

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
  tasks?: { key: string; openedAt?: string; dueAt?: string; reminders?: ToldRung[]; escalations?: ToldRung[] }[];
  timers?: { name: string; state?: string; dueAt?: string; status?: string; reminders?: ToldRung[] }[];
  /** Task keys, timer names and names of flags that must not be there. */
  absent?: string[];
  /** Indexes of the events that must have been refused by then. */
  refused?: number[];
  noTasks?: boolean;
  noTimers?: boolean;
  latest?: Record<string, JsonObject>;
  flags?: string[];
}

/** Each field that is given must be so. */
export type ToldRung = Partial<Omit<Rung, "at">> & { at?: string };

type Shape = "a text" | "true or false" | "a list" | "an object";

const STORY: Record<keyof Story, Shape> = {
  ...{ story: "a text", pathway: "a text", timeZone: "a text", events: "a list", expect: "a list", note: "a text" },
};

const EXPECTATION: Record<keyof Expectation, Shape> = {
  ...{ asOf: "a text", knownAt: "a text", status: "a text", state: "an object", tasks: "a list", timers: "a list" },
  ...{ absent: "a list", refused: "a list", noTasks: "true or false", noTimers: "true or false" },
  ...{ latest: "an object", flags: "a list" },
};

/** Reads a story from YAML; what is no YAML is told as of a document. */
export function readStory(text: string): unknown {
  let story: unknown;
  const told = (otherwise: string): LineFault => {
    const [fault] = parseDocument(text).faults;
    return new LineFault(fault ? formatFault(fault) : otherwise);
  };
  if (tooDeepAt(text) !== undefined) throw told("");
  try {
    story = parse(text, { merge: true, maxAliasCount: 1000, logLevel: "error" });
  } catch (error) {
    throw told((error as Error).message);
  }
  const [unfit] = textFaults(story);
  if (unfit) throw new LineFault(`${unfit.pointer}: ${unfit.detail}`);
  return story;
}

/** One sentence for each expectation that does not hold, or for what makes it no story; empty where all do. */
export function runStory(pathway: Pathway, written: unknown): string[] {
  const faults = [...formFaults(written)];
  if (faults.length > 0) return faults;
  const story = written as Story;
  const version = `${pathway.id}@${pathway.version}`;
  if (story.pathway !== undefined && story.pathway !== version) {
    return [`it is written for ${story.pathway}, not for ${version}.`];
  }
  return story.expect.flatMap((expected) => {
    const { asOf, knownAt } = expected;
    const actual = projectLines(pathway, story.events, {
      asOf,
      knownAt,
      timeZone: story.timeZone,
      ladders: true,
    }) as unknown as Actual;
    return [...unknownNames(pathway, story, expected), ...differences(expected, actual)].map(
      (difference) => `As of ${asOf}${knownAt ? ` (known at ${knownAt})` : ""}: ${difference}`,
    );
  });
}

function* formFaults(story: unknown): Generator<string> {
  if (!isObject(story)) return yield "a story has a list of events and a list of what to expect.";
  yield* fieldFaults(story, STORY, "a story", ["events", "expect"]);
  if (!Array.isArray(story["expect"])) return;
  if (story["expect"].length === 0) yield "`expect` is empty: say what must hold, and as of when.";
  for (const [index, expected] of story["expect"].entries()) {
    const name = `expect[${index}]`;
    if (isObject(expected)) yield* fieldFaults(expected, EXPECTATION, "an expectation", ["asOf"], name);
    else yield `\`${name}\` is not an object.`;
  }
}

function* fieldFaults(
  value: Record<string, unknown>,
  shapes: Record<string, Shape>,
  what: string,
  needed: string[],
  name?: string,
): Generator<string> {
  const path = (field: string): string => (name === undefined ? field : `${name}.${field}`);
  const known = Object.keys(shapes);
  for (const [field, held] of Object.entries(value)) {
    if (!known.includes(field)) yield `\`${path(field)}\` is no field of ${what}; known are ${listed(known)}.`;
    else if (shapeOf(held) !== shapes[field]) yield `\`${path(field)}\` is not ${shapes[field]}.`;
  }
  for (const field of needed) if (!(field in value)) yield `\`${path(field)}\` is missing: ${what} needs it.`;
}

function shapeOf(value: unknown): Shape | undefined {
  if (typeof value === "string") return "a text";
  if (typeof value === "boolean") return "true or false";
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : undefined;
}

/** Names that the document or the story lacks: what is asked of them would hold, or fail, whatever happens. */
function* unknownNames(pathway: Pathway, { events }: Story, expected: Expectation): Generator<string> {
  const { timers = {}, machine, flags = [] } = pathway.document;
  const tracks = Object.keys(machine.states ?? {});
  for (const track of Object.keys(expected.state ?? {})) {
    if (!tracks.includes(track)) {
      yield `\`${track}\` is no track of this document; ${meant(track, tracks, "track")}.`;
    }
  }
  for (const name of expected.absent ?? []) {
    if (!pathway.task(name) && !Object.hasOwn(timers, name) && !flags.some((flag) => flag.name === name)) {
      yield `\`${name}\` is neither a task nor a timer of this document.`;
    }
  }
  for (const index of expected.refused ?? []) {
    if (!(index in events)) yield `there is no line ${index}: the last is ${events.length - 1}.`;
  }
}

interface Actual {
  status: string;
  state?: Record<string, StateValue>;
  tasks?: { key: string; openedAt: string; dueAt: string }[];
  timers?: { name: string; state: string; dueAt: string; status: string }[];
  refused?: { index: number; reason: string }[];
  latest?: Record<string, { data: JsonObject }>;
  flags?: { name: string; fault?: string }[];
}

function* differences(expected: Expectation, actual: Actual): Generator<string> {
  const { tasks = [], timers = [], refused = [], flags = [], latest = {} } = actual;
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
    if (flags.some((flag) => flag.name === name)) yield `flag ${name} is raised.`;
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
    const raised = flags.filter((flag) => flag.name === name);
    if (raised.some(({ fault }) => fault === undefined)) continue;
    yield `flag ${name} is not raised${raised[0] ? `, it failed: ${raised[0].fault}` : "."}`;
  }
}

/** Every field that is given: instants compared as instants. */
function agrees(expected: object | null, actual: object): boolean {
  const fields = Object.entries(expected ?? {});
  return (
    fields.length > 0 &&
    fields.every(([field, value]) => {
      const found = (actual as Record<string, unknown>)[field];
      if (Array.isArray(value)) return Array.isArray(found) && agreesInOrder(value, found);
      const isInstant = field === "at" || field.endsWith("At");
      return isInstant ? parseInstant(String(value)) === parseInstant(String(found)) : value === found;
    })
  );
}

function agreesInOrder(expected: readonly (object | null)[], actual: readonly object[]): boolean {
  return expected.length === actual.length && expected.every((one, index) => agrees(one, actual[index]!));
}

/** A name matches where it (or its dotted path) stands anywhere in the value; an object matches member by member. */
function matches(expected: StateValue, actual: StateValue): boolean {
  if (typeof expected === "string") return pathsOf(actual).some((path) => `.${path}.`.includes(`.${expected}.`));
  if (typeof actual === "string" || !isObject(expected)) return false;
  return Object.entries(expected).every(([key, value]) => actual[key] !== undefined && matches(value, actual[key]));
}

function pathsOf(value: StateValue): string[] {
  if (typeof value === "string") return [value];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => `${key}.${path}`));
}
