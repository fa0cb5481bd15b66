import type { Json, JsonObject, PathwayDocument } from "../document/document.js";
import { isObject, resolveSchema } from "../document/resolve-schema.js";

/** The fields of an event's data by path, each with the values that its schema enumerates. */
export function fieldsOf(document: PathwayDocument, type: string): Map<string, Set<string>> {
  const fields = new Map<string, Set<string>>();
  collect(resolveSchema(document, type), "", fields);
  return fields;
}

/** Schemas that hold for the same value, one of which may name fields that the others do not. */
const BESIDE = ["allOf", "anyOf", "oneOf"];

function collect(schema: JsonObject, path: string, fields: Map<string, Set<string>>): void {
  for (const [name, property] of Object.entries(isObject(schema["properties"]) ? schema["properties"] : {})) {
    const inner = path === "" ? name : `${path}.${name}`;
    if (!fields.has(inner)) fields.set(inner, new Set());
    if (isObject(property)) collect(property, inner, fields);
  }
  for (const value of enumerated(schema)) fields.get(path)?.add(value);
  if (isObject(schema["items"])) collect(schema["items"], path, fields);
  for (const branch of BESIDE.flatMap((keyword) => schema[keyword] ?? [])) {
    if (isObject(branch)) collect(branch, path, fields);
  }
}

/** Values that are words: a number in quotes is its own. */
function enumerated(schema: JsonObject): string[] {
  const listed: Json[] = Array.isArray(schema["enum"]) ? schema["enum"] : [schema["const"] ?? null];
  return listed.filter((value): value is string => typeof value === "string" && /^[A-Za-z]/.test(value));
}
