import type { PathwayDocument } from "../document/document.js";
import { locateFault, meant, type Fault, type Locate } from "../document/fault.js";
import { LIFECYCLE_EVENTS, PAUSED } from "../document/lifecycle.js";
import { childPointer } from "../document/pointer.js";
import { messagesOf } from "../document/rungs.js";
import { StateTree } from "../document/tree.js";
import type { Catalogue, FieldWords } from "./catalogue.js";
import { fieldsOf } from "./fields.js";
import { checkPlots } from "./plots.js";
import { templateProblems } from "./templates.js";
import { missingWords, wordsOf, type Word } from "./words.js";

/**
 * Whether a catalogue of the right form fits its document: each fault in one sentence that says what is wrong, where,
 * and how to mend it. Words that are missing are no fault: see `missingIn`.
 */
export function checkCatalogue(document: PathwayDocument, catalogue: Catalogue, locate?: Locate): Fault[] {
  const faults = [
    ...checkIdentity(document, catalogue),
    ...checkKeys(document, catalogue),
    ...checkStates(document, catalogue),
    ...checkFields(document, catalogue),
    ...checkMessages(document, catalogue),
    ...checkPlots(document, catalogue),
  ];
  return faults
    .map((fault) => locateFault(fault, locate))
    .sort((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0));
}

/** Each word that a catalogue lacks, in one sentence that says what is read instead. A warning, no fault. */
export function missingIn(document: PathwayDocument, catalogue: Catalogue): string[] {
  return missingWords(document, catalogue).map(
    (word) => `\`${nameOf(word)}\` has no word in \`${catalogue.language}\`: ${insteadOf(word)}.`,
  );
}

function nameOf({ path }: Word): string {
  return path.join(" / ");
}

function insteadOf({ own }: Word): string {
  return own ? `where English has none either, "${own.text}" is read` : "where English has none either, it is not sent";
}

function checkIdentity({ id, version }: PathwayDocument, catalogue: Catalogue): Fault[] {
  if (catalogue.pathway === id && catalogue.version === version) return [];
  const message = `The catalogue is for ${catalogue.pathway}@${catalogue.version}, not for ${id}@${version}: put it beside its document, or mend its pathway and version.`;
  return [{ message, pointer: catalogue.pathway === id ? "/version" : "/pathway" }];
}

/** Sections whose keys are names of the document. */
const NAMED = {
  ...{ tracks: "track", flags: "flag", redFlags: "red flag", timers: "timer", parameters: "parameter" },
  derived: "derived value",
} as const;

function checkKeys(document: PathwayDocument, catalogue: Catalogue): Fault[] {
  const words = wordsOf(document);
  return Object.entries(NAMED).flatMap(([section, kind]) => {
    const known = words.filter(({ path }) => path[0] === section).map(({ path }) => path[1]!);
    const told = catalogue[section as keyof typeof NAMED];
    return unknown(Object.keys(told ?? {}), known, kind, `/${section}`);
  });
}

function unknown(names: readonly string[], known: readonly string[], kind: string, pointer: string): Fault[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      message: `The catalogue has words for the unknown ${kind} \`${name}\`: ${meant(name, known, kind)}.`,
      pointer: childPointer(pointer, name),
    }));
}

function checkStates(document: PathwayDocument, { states = {} }: Catalogue): Fault[] {
  const nodes = new StateTree(document).nodes.filter(({ parent }) => parent?.parent);
  const withTask = new Set([PAUSED, ...nodes.filter(({ config }) => config.meta?.task).map(({ path }) => path)]);
  const known = [PAUSED, ...nodes.map(({ path }) => path)];
  return [
    ...unknown(Object.keys(states), known, "state", "/states"),
    ...Object.entries(states).flatMap(([path, words]) =>
      (["task", "mail"] as const)
        .filter((field) => words[field] !== undefined && known.includes(path) && !withTask.has(path))
        .map((field) => ({
          message: `The state \`${path}\` has no task: leave \`${field}\` out.`,
          pointer: `${childPointer("/states", path)}/${field}`,
        })),
    ),
  ];
}

type Fields = Map<string, Set<string>>;

function checkFields(document: PathwayDocument, { events = {}, fields = {} }: Catalogue): Fault[] {
  const types = [...Object.keys(LIFECYCLE_EVENTS), ...Object.keys(document.events)];
  const all: Fields = new Map();
  for (const [field, values] of types.flatMap((type) => [...fieldsOf(document, type)])) {
    all.set(field, new Set([...(all.get(field) ?? []), ...values]));
  }
  return [
    ...unknown(Object.keys(events), types, "event", "/events"),
    ...Object.entries(events).flatMap(([type, words]) =>
      types.includes(type)
        ? fieldFaults(words.fields ?? {}, fieldsOf(document, type), `${childPointer("/events", type)}/fields`)
        : [],
    ),
    ...fieldFaults(fields, all, "/fields"),
  ];
}

function fieldFaults(told: Record<string, FieldWords>, known: Fields, pointer: string): Fault[] {
  return [
    ...unknown(Object.keys(told), [...known.keys()], "field", pointer),
    ...Object.entries(told).flatMap(([field, { values = {} }]) => {
      const enumerated = known.get(field);
      const place = `${childPointer(pointer, field)}/values`;
      return enumerated ? unknown(Object.keys(values), [...enumerated], "value", place) : [];
    }),
  ];
}

function checkMessages(document: PathwayDocument, { messages = {}, title = document.title }: Catalogue): Fault[] {
  const sent = messagesOf(document);
  const faults = unknown(Object.keys(messages), [...sent.keys()], "message", "/messages");
  for (const [name, template] of Object.entries(messages)) {
    const audience = sent.get(name);
    if (audience === undefined) continue;
    for (const part of ["subject", "body"] as const) {
      const text = template[part];
      const problems = templateProblems(text, audience);
      if ([title, document.title].some((diagnosis) => text.toLowerCase().includes(diagnosis.toLowerCase()))) {
        problems.push("names the pathway, which is a diagnosis; leave it out");
      }
      const pointer = `${childPointer("/messages", name)}/${part}`;
      faults.push(
        ...problems.map((problem) => ({ message: `The ${part} of the message \`${name}\` ${problem}.`, pointer })),
      );
    }
  }
  return faults;
}
