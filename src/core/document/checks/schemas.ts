import type { ErrorObject } from "ajv";
import type { Json, JsonObject } from "../document.js";
import { listed, meant, type Fault } from "../fault.js";
import { PERSONAL } from "../personal.js";
import { childPointer, pointerKeys } from "../pointer.js";
import { definitionName, inlineDefinitions, isObject, ownProperty } from "../resolve-schema.js";
import { FORM_HINTS, FORMAT_NAMES, schemaErrors, tryToCompile } from "../schema-compiler.js";
import { fault } from "./problem.js";

/** Keywords whose schemas hold for the value itself. */
const SAME_VALUE = ["allOf", "anyOf", "oneOf", "if", "then", "else", "not"];
const LISTS = new Set(["allOf", "anyOf", "oneOf"]);
const BELOW = ["items", "contains", "additionalItems", "additionalProperties", "propertyNames"];
const MAPS = ["properties", "patternProperties"];

/** Every schema within a schema, itself included, with its pointer; `deep`: those of properties and items too. */
export function schemasWithin(
  schema: JsonObject,
  pointer: string,
  { deep }: { deep: boolean },
): { schema: JsonObject; pointer: string }[] {
  const found = [{ schema, pointer }];
  const add = (value: Json | undefined, at: string): void => {
    if (isObject(value)) found.push(...schemasWithin(value, at, { deep }));
  };
  for (const keyword of deep ? [...SAME_VALUE, ...BELOW] : SAME_VALUE) {
    const value = schema[keyword];
    const at = `${pointer}/${keyword}`;
    if (LISTS.has(keyword) || Array.isArray(value))
      [value ?? []].flat().forEach((inner, index) => add(inner, `${at}/${index}`));
    else add(value, at);
  }
  for (const keyword of deep ? MAPS : []) {
    const properties = schema[keyword];
    if (!isObject(properties)) continue;
    for (const [name, inner] of Object.entries(properties)) add(inner, childPointer(`${pointer}/${keyword}`, name));
  }
  return found;
}

/** Where a schema stands, and how messages name it. */
export interface SchemaPlace {
  definitions: Record<string, JsonObject>;
  pointer: string;
  what: string;
}

/** References, marks and required fields that are wrong where they stand; `within`: the definition, if it is one. */
export function placeFaults(schema: JsonObject, { definitions, pointer, what }: SchemaPlace, within?: string): Fault[] {
  return schemasWithin(schema, pointer, { deep: true }).flatMap((place) => [
    ...checkReference(place.schema, definitions, place.pointer, what, within),
    ...checkPersonal(place.schema, place.pointer, what),
    ...checkRequired(place.schema, place.pointer, what),
  ]);
}

function checkReference(
  schema: JsonObject,
  definitions: Record<string, JsonObject>,
  pointer: string,
  what: string,
  within: string | undefined,
): Fault[] {
  const reference = schema["$ref"];
  if (reference === undefined) return [];
  const name = definitionName(reference);
  const at = `${pointer}/$ref`;
  if (name === undefined) {
    return [
      fault(
        at,
        `${what} refers to \`${typeof reference === "string" ? reference : JSON.stringify(reference)}\`: refer to \`#/definitions/<name>\` of this document.`,
      ),
    ];
  }
  if (!Object.hasOwn(definitions, name)) {
    return [
      fault(
        at,
        `${what} refers to the unknown definition \`${name}\`: ${meant(name, Object.keys(definitions), "definition")}.`,
      ),
    ];
  }
  if (within !== undefined && contains(definitions, name, within, new Set())) {
    return [fault(at, `${what} contains itself: write out how deep it goes.`)];
  }
  return [];
}

function contains(definitions: Record<string, JsonObject>, name: string, wanted: string, seen: Set<string>): boolean {
  if (name === wanted) return true;
  const definition = ownProperty(definitions, name);
  if (!definition || seen.has(name)) return false;
  seen.add(name);
  return schemasWithin(definition, "", { deep: true }).some(({ schema }) => {
    const inner = definitionName(schema["$ref"]);
    return inner !== undefined && contains(definitions, inner, wanted, seen);
  });
}

function checkPersonal(schema: JsonObject, pointer: string, what: string): Fault[] {
  const marked = schema[PERSONAL];
  if (marked === undefined) return [];
  const at = `${pointer}/${PERSONAL}`;
  if (marked !== true)
    return [fault(at, `${what} marks free text with \`${PERSONAL}: true\`: write \`true\`, or leave it out.`)];
  const known = schema["enum"] !== undefined || schema["const"] !== undefined;
  if (schema["type"] === "string" && !known) return [];
  return [
    fault(
      at,
      `${what} marks as personal what is no free text: \`${PERSONAL}\` stands beside \`type: string\`, without \`enum\`.`,
    ),
  ];
}

/** A required field that a closed object does not know makes every event invalid. */
function checkRequired(schema: JsonObject, pointer: string, what: string): Fault[] {
  const { required, properties, additionalProperties } = schema;
  // Conditions name fields of the object that they belong to.
  const isCondition = /\/(allOf|anyOf|oneOf)\/\d+$|\/(if|then|else|not)$/.test(pointer);
  if (!Array.isArray(required) || !isObject(properties) || isCondition || additionalProperties !== undefined) return [];
  return required.flatMap((name, index) => {
    if (typeof name !== "string" || Object.hasOwn(properties, name)) return [];
    const message = `${what} requires the unknown field \`${name}\`: add it to \`properties\`; ${meant(name, Object.keys(properties), "field")}.`;
    return [fault(`${pointer}/required/${index}`, message)];
  });
}

/** Whether a schema with its definitions filled in is one that data can be checked by. */
export function keywordFaults(schema: JsonObject, { definitions, pointer, what }: SchemaPlace): Fault[] {
  try {
    const complete = inlineDefinitions(schema, definitions);
    const errors = schemaErrors(complete);
    if (errors.length > 0) {
      // What stands in a definition is told there.
      const own = errors.filter(({ instancePath }) => stands(schema, pointerKeys(instancePath)));
      return own.slice(0, 1).map((error) => notASchema(error, pointer, what));
    }
    tryToCompile(complete);
    return [];
  } catch (error) {
    return compilerFault((error as Error).message, schema, pointer, what);
  }
}

function compilerFault(message: string, schema: JsonObject, pointer: string, what: string): Fault[] {
  const all = schemasWithin(schema, pointer, { deep: true });
  const [, keyword] = /unknown keyword: "(.+?)"/.exec(message) ?? [];
  const [, format] = /unknown format "(.+?)"/.exec(message) ?? [];
  if (keyword !== undefined) {
    const known = keyword.startsWith("x-") ? [PERSONAL, ...Object.keys(FORM_HINTS)] : KEYWORDS;
    const places = all.filter((place) => Object.hasOwn(place.schema, keyword));
    return places.map((place) =>
      fault(
        childPointer(place.pointer, keyword),
        `${what} has the unknown keyword \`${keyword}\`: ${meant(keyword, known, "keyword")}.`,
      ),
    );
  }
  if (format !== undefined) {
    const places = all.filter((place) => place.schema["format"] === format);
    return places.map((place) =>
      fault(
        `${place.pointer}/format`,
        `${what} has the unknown format \`${format}\`: ${meant(format, FORMAT_NAMES, "format")}.`,
      ),
    );
  }
  return [fault(pointer, `${what} is no sound JSON Schema: ${told(message)}; mend it.`)];
}

function stands(value: Json | undefined, keys: readonly string[]): boolean {
  let inner = value;
  for (const key of keys) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) return false;
    inner = (inner as JsonObject)[key];
  }
  return true;
}

const KEYWORDS = [
  ...["type", "properties", "required", "enum", "const", "items", "minItems", "maxItems", "uniqueItems", "contains"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"],
  ...[
    "format",
    "title",
    "description",
    "default",
    "examples",
    "additionalProperties",
    "minProperties",
    "maxProperties",
  ],
  ...["allOf", "anyOf", "oneOf", "if", "then", "else", "not", "$ref"],
];

function notASchema({ instancePath, message, params }: ErrorObject, pointer: string, what: string): Fault {
  const allowed = (params as { allowedValues?: string[] }).allowedValues;
  const demand = allowed ? `write ${listed(allowed, "or")}` : (message ?? "mend it");
  const place = instancePath === "" ? "" : ` at \`${instancePath.slice(1).replaceAll("/", ".")}\``;
  return fault(`${pointer}${instancePath}`, `${what} is no JSON Schema${place}: ${demand}.`);
}

function told(message: string): string {
  return message
    .replace(/^strict mode: /, "")
    .replaceAll(/\s+/g, " ")
    .replace(/\.$/, "");
}
