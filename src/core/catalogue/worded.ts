import type { PathwayDocument } from "../document/document.js";
import type { Catalogue } from "./catalogue.js";
import { textOf, wordsOf } from "./words.js";

/** The words of a version, nothing missing: a field's words stand at each of its events. */
export type Words = Omit<Catalogue, "fields" | "pathway" | "version" | "language">;

export interface Worded {
  words: Words;
  /** What is not of the first catalogue: the language it is of, `document` for its own text, `key` for the key, split. */
  instead: { word: string; from: string }[];
}

/**
 * Every word that a version needs: of the first catalogue that has it, else the document's own text, else the key,
 * split. A message that no catalogue has is not there. Help, words for mail and plots are of the first that has any.
 */
export function wordedBy(document: PathwayDocument, language: string, catalogues: readonly Catalogue[]): Worded {
  const words: Record<string, unknown> = {};
  const instead: Worded["instead"] = [];
  for (const word of wordsOf(document)) {
    const source = catalogues.find((catalogue) => textOf(catalogue, word) !== undefined);
    const text = source ? textOf(source, word) : word.own?.text;
    if (text !== undefined) put(words, word.path, text);
    const from = source?.language ?? word.own?.from ?? "nothing";
    if (from !== language) instead.push({ word: word.path.join(" / "), from });
  }
  addExtras(words as Words, catalogues);
  const plots = catalogues.find((catalogue) => catalogue.plots)?.plots;
  return { words: { ...words, ...(plots && { plots }) }, instead };
}

/** Texts that may be missing altogether. */
function addExtras(words: Words, catalogues: readonly Catalogue[]): void {
  const first = <T>(read: (catalogue: Catalogue) => T | undefined): T | undefined => {
    for (const catalogue of catalogues) {
      const found = read(catalogue);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const given = <K extends string>(key: K, text: string | undefined): Partial<Record<K, string>> =>
    text === undefined ? {} : ({ [key]: text } as Record<K, string>);
  for (const [path, state] of Object.entries(words.states ?? {})) {
    // Words for mail go with the task that they stand for, in one language.
    const worded = first(({ states }) => (states?.[path]?.task === undefined ? undefined : states[path]));
    Object.assign(
      state,
      given("mail", worded?.mail),
      given(
        "help",
        first(({ states }) => states?.[path]?.help),
      ),
    );
  }
  for (const [type, event] of Object.entries(words.events ?? {})) {
    Object.assign(
      event,
      given(
        "help",
        first(({ events }) => events?.[type]?.help),
      ),
    );
    for (const [name, field] of Object.entries(event.fields ?? {})) {
      const help = first(({ events, fields }) => events?.[type]?.fields?.[name]?.help ?? fields?.[name]?.help);
      Object.assign(field, given("help", help));
    }
  }
}

function put(words: Record<string, unknown>, path: readonly string[], text: string): void {
  let place = words;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(place, key)) place[key] = {};
    place = place[key] as Record<string, unknown>;
  }
  place[path.at(-1)!] = text;
}
