import type { EventDeclaration, Json, JsonObject, PathwayDocument } from "./document.js";
import { LIFECYCLE_EVENTS } from "./lifecycle.js";

const DEFINITION = "#/definitions/";

/** Schemas that hold at other places of the data than the schema itself, or at none: objects within stay as written. */
const CONDITIONAL = new Set(["allOf", "anyOf", "oneOf", "if", "then", "else", "not"]);
const SCHEMA_MAPS = new Set(["properties", "patternProperties", "definitions", "$defs"]);
const NO_SCHEMAS = new Set(["enum", "const", "default", "examples", "required"]);

/** Schema of an event that declares none. */
const NO_DATA: JsonObject = { type: "object", properties: {} };

/**
 * The JSON Schema of an event's data, complete in itself: definitions are filled in where they are referred to, and an
 * object with `properties` takes no others unless it says so. Throws for an event that nobody declares.
 */
export function resolveSchema(document: PathwayDocument, eventType: string): JsonObject {
  const event = findEvent(document, eventType);
  if (!event) throw new Error(`There is no event "${eventType}".`);
  return closeObjects(inlineDefinitions(event.schema ?? NO_DATA, document.definitions ?? {}));
}

/** An event of the document or of the engine. */
export function findEvent(document: PathwayDocument, type: string): EventDeclaration | undefined {
  return ownProperty(LIFECYCLE_EVENTS, type) ?? ownProperty(document.events, type);
}

/** Name of the definition that a reference points to; undefined for any other reference. */
export function definitionName(ref: Json | undefined): string | undefined {
  return typeof ref === "string" && ref.startsWith(DEFINITION) ? ref.slice(DEFINITION.length) : undefined;
}

/** Fills in definitions. Unknown ones and those that contain themselves are refused by the document's checks. */
export function inlineDefinitions(
  schema: JsonObject,
  definitions: Record<string, JsonObject>,
  within: string[] = [],
): JsonObject {
  const { $ref, ...rest } = schema;
  const name = definitionName($ref);
  const definition = name !== undefined ? ownProperty(definitions, name) : undefined;
  const own = mapSchemas($ref === undefined ? schema : rest, (inner) => inlineDefinitions(inner, definitions, within));
  if (name === undefined) return own;
  if (!definition) throw new Error(`There is no definition "${name}".`);
  if (within.includes(name)) throw new Error(`The definition "${name}" contains itself.`);
  return { ...inlineDefinitions(definition, definitions, [...within, name]), ...own };
}

function closeObjects(schema: JsonObject): JsonObject {
  const closed = mapSchemas(schema, closeObjects, CONDITIONAL);
  if (!isObject(closed["properties"]) || closed["additionalProperties"] !== undefined) return closed;
  return { ...closed, additionalProperties: false };
}

/** Applies a change to each schema directly within a schema. */
function mapSchemas(schema: JsonObject, change: (schema: JsonObject) => JsonObject, except?: Set<string>): JsonObject {
  const one = (value: Json): Json => (isObject(value) ? change(value) : value);
  const entries = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    if (NO_SCHEMAS.has(keyword) || keyword.startsWith("x-") || except?.has(keyword)) return [keyword, value];
    if (SCHEMA_MAPS.has(keyword) && isObject(value)) {
      return [keyword, Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, one(inner)]))];
    }
    return [keyword, Array.isArray(value) ? value.map(one) : one(value)];
  });
  return Object.fromEntries(entries);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value that a table holds itself: names come from documents, and `constructor` is nobody's event. */
export function ownProperty<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
