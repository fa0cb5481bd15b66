import type { ValidateFunction } from "ajv";
import schema from "../../../pathways/catalogue.schema.json" with { type: "json" };
import compiled from "../document/catalogue-schema.compiled.js";
import type { Fault, Locate } from "../document/fault.js";
import { parseForm } from "../document/parse.js";
import type { Form } from "../document/structure.js";

/**
 * The words of one version of a pathway in one language, as they stand in `pathways/<id>/<version>.<language>.yaml`
 * after validation by `catalogue.schema.json`. It lies beside the document and outside its hash.
 */
export interface Catalogue {
  /** Id of the pathway. */
  pathway: string;
  version: string;
  /** `en`, `de-CH`. */
  language: string;
  title?: string;
  tracks?: Texts;
  /** By path of the state. */
  states?: Record<string, StateWords>;
  events?: Record<string, EventWords>;
  /** By path in the data, for every event that says nothing else. */
  fields?: Record<string, FieldWords>;
  flags?: Texts;
  /** In words that a patient understands. */
  redFlags?: Texts;
  timers?: Texts;
  parameters?: Texts;
  derived?: Texts;
  messages?: Record<string, Template>;
  plots?: Plots;
}

export type Texts = Record<string, string>;

export interface StateWords {
  title?: string;
  /** What is to be done, where the state has a task. */
  task?: string;
  /** The same without a name, a diagnosis or a procedure; left out: as `task`. */
  mail?: string;
  help?: string;
}

export interface EventWords {
  title?: string;
  help?: string;
  fields?: Record<string, FieldWords>;
}

export interface FieldWords {
  title?: string;
  help?: string;
  /** Of each enumerated value. */
  values?: Texts;
}

/** `{field}` stands for what is filled in; of the body, plain text and HTML are made. */
export interface Template {
  subject: string;
  body: string;
}

/** Fields by their path in the data: dots lead into objects and through lists. */
export interface Plots {
  series?: Record<string, Series>;
  pairs?: Record<string, { title: string; event: string; fields: [string, string] }>;
  doses?: Record<string, Doses>;
  /** `state`: whose task is kept or not. */
  adherence?: Record<string, { title: string; state: string }>;
}

export interface Series {
  title: string;
  minimum?: number;
  maximum?: number;
  /** Parameters that are drawn as lines. */
  lines?: string[];
  values: { event: string; field: string }[];
}

export interface Doses {
  title: string;
  lines?: string[];
  values: { event: string; name: string; amount: string }[];
}

const CATALOGUE: Form = {
  schema,
  validate: compiled as unknown as ValidateFunction,
  empty: "The catalogue is empty, or holds only comments: see pathways/README.md for how to begin.",
};

export interface ParsedCatalogue {
  /** Only where the text has no fault of form; `checkCatalogue` tells whether it fits its document. */
  catalogue?: Catalogue;
  faults: Fault[];
  locate: Locate;
}

/** Reads a catalogue from YAML 1.2 or JSON and checks its form against `catalogue.schema.json`. */
export function parseCatalogue(text: string): ParsedCatalogue {
  const { value, faults, locate } = parseForm(text, CATALOGUE);
  return { ...(value !== undefined && { catalogue: value as unknown as Catalogue }), faults, locate };
}
