import { Ajv, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { parseDate, parseDuration, parseInstant } from "../time.js";
import compiled from "./json-schema.compiled.js";
import type { JsonObject } from "./document.js";
import { PERSONAL } from "./personal.js";

/** What a schema may say beside JSON Schema. Anything else is a slip: `x-persnal` would leave a text unsealed. */
export const FORM_HINTS = {
  "x-label": "label of the field, where the title is too long for a form",
  "x-labels": "labels of the values of an enum, by value",
  "x-help": "one sentence shown under the field",
  "x-placeholder": "shown while the field is empty",
  "x-widget": "how the field is shown, such as `textarea`, `radio` or `slider`",
  "x-unit": "unit shown behind the field",
  "x-order": "order of the fields",
  "x-code": "code of the field or value in a terminology",
  "x-codes": "codes of the values of an enum, by value",
} as const;

const FORMATS = {
  date: (text: string) => parseDate(text) !== undefined,
  "date-time": (text: string) => parseInstant(text) !== undefined,
  time: /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/,
  duration: (text: string) => /^-?P/.test(text) && parseDuration(text) !== undefined,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
};

export const FORMAT_NAMES = Object.keys(FORMATS);

/** How `json-schema.compiled.ts` is made, and event schemas are compiled: strict, all faults at once. */
export const schemaCompilerOptions: Options = {
  ...{ allErrors: true, strictSchema: true, strictNumbers: true, strictTypes: false, strictTuples: false },
  ...{ logger: false as const, formats: FORMATS },
};

const isSchema = compiled as unknown as ValidateFunction;

/** A compiler of event schemas that are JSON Schemas (`schemaErrors`); it changes no data. */
export function makeSchemaCompiler(): Ajv {
  return makeCompiler(true);
}

let trial: Ajv | undefined;

/** Throws where a JSON Schema does not compile. */
export function tryToCompile(schema: JsonObject): void {
  trial ??= makeCompiler(false);
  try {
    trial.compile(schema);
  } finally {
    // Forgets it, with the names that it gave itself.
    trial.removeSchema();
  }
}

function makeCompiler(toRun: boolean): Ajv {
  const ajv = new Ajv({
    ...schemaCompilerOptions,
    meta: false,
    validateSchema: false,
    verbose: true,
    code: { optimize: toRun },
  });
  ajv.addVocabulary([PERSONAL, ...Object.keys(FORM_HINTS)]);
  return ajv;
}

/** Where a value is no JSON Schema; throws where it names a draft that nobody knows. */
export function schemaErrors(schema: JsonObject): ErrorObject[] {
  if (schema["$schema"] !== undefined) {
    const ajv = new Ajv(schemaCompilerOptions);
    return ajv.validateSchema(schema) === true ? [] : (ajv.errors ?? []);
  }
  return isSchema(schema) ? [] : (isSchema.errors ?? []);
}

export type { Ajv, ErrorObject, ValidateFunction };
