import {
  maskedPointers,
  maskPersonal,
  personalPointers,
  resolveSchema,
  type Json,
  type JsonObject,
  type Pathway,
} from "../../core/index.js";
import type { Texts } from "./records.js";

/** What stands in the place of a text whose key was destroyed. */
export const ERASED = "[erased]";

/** Data with its free texts cut out (`true` in their place), and the texts by pointer into the record. */
export interface Cut {
  data: JsonObject;
  personal: JsonObject | null;
}

const schemas = new WeakMap<Pathway, Map<string, JsonObject>>();

function schemaOf(pathway: Pathway, type: string): JsonObject {
  let known = schemas.get(pathway);
  if (!known) schemas.set(pathway, (known = new Map()));
  let schema = known.get(type);
  if (!schema) known.set(type, (schema = resolveSchema(pathway.document, type)));
  return schema;
}

/** `beside` are texts that do not stand in the data, such as the note; undefined ones are left out. */
export function cutPersonal(
  pathway: Pathway,
  type: string,
  data: JsonObject,
  beside: Record<string, string | undefined> = {},
): Cut {
  const schema = schemaOf(pathway, type);
  const texts: JsonObject = {};
  for (const pointer of personalPointers(schema, data)) texts[`${DATA}${pointer}`] = valueAt(data, pointer);
  for (const [name, text] of Object.entries(beside)) if (text !== undefined) texts[`/${name}`] = text;
  const masked = inColumnOrder(maskPersonal(schema, data));
  return { data: masked, personal: Object.keys(texts).length > 0 ? texts : null };
}

/** Members as a `jsonb` column gives them back, so that what is told at once and what is read later are the same bytes. */
function inColumnOrder<Of extends Json>(value: Of): Of {
  if (Array.isArray(value)) return value.map(inColumnOrder) as Of;
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, inner]) => [Buffer.from(key), inner] as const);
  members.sort(([a], [b]) => a.length - b.length || Buffer.compare(a, b));
  return Object.fromEntries(members.map(([key, inner]) => [key.toString(), inColumnOrder(inner as Json)])) as Of;
}

/** The data as it was handed in, texts put back; those that nobody can read any more are marked as erased. */
export function uncut(pathway: Pathway, type: string, data: JsonObject, { isSealed, cut, texts }: Texts): JsonObject {
  if (!isSealed) return data;
  // A record that does not say it itself is older than any second version of a schema.
  const places = cut ? cut.flatMap(withinData) : maskedPointers(schemaOf(pathway, type), data);
  if (places.length === 0) return data;
  const whole = structuredClone(data);
  for (const pointer of places) setAt(whole, pointer, texts?.[`${DATA}${pointer}`] ?? ERASED);
  return whole;
}

const DATA = "/data";

function withinData(pointer: string): string[] {
  return pointer.startsWith(`${DATA}/`) ? [pointer.slice(DATA.length)] : [];
}

function keysOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function valueAt(data: Json, pointer: string): Json {
  return keysOf(pointer).reduce<Json>((value, key) => (value as JsonObject)[key]!, data);
}

function setAt(data: JsonObject, pointer: string, value: Json): void {
  const keys = keysOf(pointer);
  const last = keys.pop()!;
  const parent = keys.reduce<JsonObject>((object, key) => object[key] as JsonObject, data);
  parent[last] = value;
}
