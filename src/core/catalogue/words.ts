import type { PathwayDocument } from "../document/document.js";
import { LIFECYCLE_EVENTS, PAUSED, SET_ASIDE } from "../document/lifecycle.js";
import { findEvent } from "../document/resolve-schema.js";
import { makeRedFlags } from "../document/red-flags.js";
import { messagesOf } from "../document/rungs.js";
import { StateTree } from "../document/tree.js";
import { EVENTS_SET_ASIDE } from "../fold/annotations.js";
import type { Catalogue } from "./catalogue.js";
import { fieldsOf } from "./fields.js";

/** A word that a pathway needs in every language. */
export interface Word {
  /** Where it stands in a catalogue. */
  path: readonly string[];
  /** Where else it may stand: a field's word holds for every event that says nothing else. */
  shared?: readonly string[];
  /** What is read where no catalogue has it: the document's own text, or the key, split. Absent: nothing is. */
  own?: { text: string; from: "document" | "key" };
}

/** Every word that a pathway needs, in the order of a catalogue. */
export function wordsOf(document: PathwayDocument): Word[] {
  const tree = new StateTree(document);
  const types = [...Object.keys(LIFECYCLE_EVENTS), ...Object.keys(document.events)];
  const keys = (section: string, table: object = {}): Word[] =>
    Object.keys(table).map((key) => ({ path: [section, key], own: split(key) }));
  const states = tree.nodes.filter(({ parent, config }) => parent?.parent && config.type !== "history");
  return [
    { path: ["title"], own: said(document.title) },
    ...Object.entries(document.tracks).map(([track, title]) => ({ path: ["tracks", track], own: said(title) })),
    ...states.flatMap(({ path, key, config: { meta } }): Word[] => [
      { path: ["states", path, "title"], own: split(key) },
      ...(meta?.task ? [{ path: ["states", path, "task"], own: said(meta.task.title) }] : []),
    ]),
    { path: ["states", PAUSED, "task"], own: said("Resume?") },
    ...types.flatMap((type) => eventWords(document, type)),
    ...(document.flags ?? []).map(({ name, text }) => ({ path: ["flags", name], own: said(text) })),
    {
      path: ["flags", SET_ASIDE],
      own: said(EVENTS_SET_ASIDE.text),
    },
    ...redFlagsOf(document).map((sign) => ({ path: ["redFlags", sign], own: split(sign) })),
    ...keys("timers", document.timers),
    ...keys("parameters", document.parameters),
    ...keys("derived", document.derived),
    ...[...messagesOf(document).keys()].flatMap((name): Word[] => [
      { path: ["messages", name, "subject"] },
      { path: ["messages", name, "body"] },
    ]),
  ];
}

function eventWords(document: PathwayDocument, type: string): Word[] {
  const fields = [...fieldsOf(document, type)].flatMap(([field, values]): Word[] => {
    const place = ["events", type, "fields", field];
    const shared = ["fields", field];
    return [
      { path: [...place, "title"], shared: [...shared, "title"], own: split(field.split(".").at(-1)!) },
      ...[...values].map((value) => ({
        ...{ path: [...place, "values", value], shared: [...shared, "values", value], own: split(value) },
      })),
    ];
  });
  return [{ path: ["events", type, "title"], own: said(findEvent(document, type)!.title) }, ...fields];
}

/** Every sign that events of the document may carry. */
export function redFlagsOf(document: PathwayDocument): string[] {
  const { event, signs, field } = makeRedFlags(document.redFlags);
  const found = Object.keys(document.events).flatMap((type) => [
    ...(fieldsOf(document, type).get(type === event ? signs : field) ?? []),
  ]);
  return [...new Set(found)];
}

/** The text of a catalogue at the place of a word, or where it is shared. */
export function textOf(catalogue: Catalogue, { path, shared }: Word): string | undefined {
  return at(catalogue, path) ?? (shared && at(catalogue, shared));
}

/** The words that a catalogue lacks. */
export function missingWords(document: PathwayDocument, catalogue: Catalogue): Word[] {
  return wordsOf(document).filter((word) => textOf(catalogue, word) === undefined);
}

function at(catalogue: Catalogue, path: readonly string[]): string | undefined {
  let value: unknown = catalogue;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === "string" ? value : undefined;
}

function said(text: string): NonNullable<Word["own"]> {
  return { text, from: "document" };
}

/** `newRadicularPain` is read as "New radicular pain"; `cGy` and `TCA` as they stand. */
function split(key: string): NonNullable<Word["own"]> {
  const words = key
    .replaceAll(/(?<=[a-z0-9]{2})[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`)
    .replaceAll(/(?<=[a-z0-9]{2})[A-Z]/g, " $&")
    .replaceAll(/[-_]+/g, " ");
  return { text: words.replace(/^[a-z](?![A-Z])/, (letter) => letter.toUpperCase()), from: "key" };
}
