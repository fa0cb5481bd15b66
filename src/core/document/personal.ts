import type { Json, JsonObject, PathwayDocument } from "./document.js";
import { LIFECYCLE_EVENTS } from "./lifecycle.js";
import { childPointer } from "./pointer.js";
import { isObject, resolveSchema } from "./resolve-schema.js";

/** Marks a schema whose values are personal free text. */
export const PERSONAL = "x-personal";

/** Where, in data of a schema, personal texts may stand. */
interface Places {
  here: boolean;
  properties: Map<string, Places>;
  /** Items of a list, or properties that are not named. */
  others?: Places;
}

const placesOf = new WeakMap<JsonObject, Places | null>();

/** JSON pointers of the personal texts that are in the data. Texts cut out already (`true`) are none. */
export function personalPointers(schema: JsonObject, data: Json): string[] {
  return pointersOf(schema, data, (value) => value !== true);
}

/** JSON pointers of the personal texts that were cut out of the data: `true` stands in their place. */
export function maskedPointers(schema: JsonObject, data: Json): string[] {
  return pointersOf(schema, data, (value) => value === true);
}

function pointersOf(schema: JsonObject, data: Json, isMeant: (value: Json) => boolean): string[] {
  const pointers: string[] = [];
  const places = findPlaces(schema);
  if (places) visit(places, data, "", (value, pointer) => isMeant(value) && pointers.push(pointer));
  return pointers;
}

/** The data with every personal text replaced by `true`: whether it is there can be asked, what it says can not. */
export function maskPersonal(schema: JsonObject, data: JsonObject): JsonObject {
  const places = findPlaces(schema);
  return places ? (mask(places, data) as JsonObject) : data;
}

/** `maskPersonal` for the events of a document; data of unknown events is given back as it is. */
export function makeMask(document: PathwayDocument): (type: string, data: JsonObject) => JsonObject {
  const types = [...Object.keys(LIFECYCLE_EVENTS), ...Object.keys(document.events)];
  const places = new Map(types.map((type) => [type, findPlaces(resolveSchema(document, type))]));
  return (type, data) => {
    const found = places.get(type);
    return found ? (mask(found, data) as JsonObject) : data;
  };
}

function visit(places: Places, data: Json, pointer: string, take: (text: Json, pointer: string) => void): void {
  if (places.here) take(data, pointer);
  else if (typeof data === "object" && data !== null) {
    for (const [key, value] of Object.entries(data)) {
      const inner = placesBelow(places, data, key);
      if (inner) visit(inner, value, childPointer(pointer, key), take);
    }
  }
}

/** Copies only what changes: most data holds no free text. */
function mask(places: Places, data: Json): Json {
  if (places.here) return true;
  if (typeof data !== "object" || data === null) return data;
  let masked: JsonObject | Json[] | undefined;
  for (const key of Object.keys(data)) {
    const inner = placesBelow(places, data, key);
    if (!inner) continue;
    const value = (data as JsonObject)[key]!;
    const hidden = mask(inner, value);
    if (hidden === value) continue;
    masked ??= Array.isArray(data) ? [...data] : { ...data };
    (masked as JsonObject)[key] = hidden;
  }
  return masked ?? data;
}

function placesBelow(places: Places, data: JsonObject | Json[], key: string): Places | undefined {
  return Array.isArray(data) ? places.others : (places.properties.get(key) ?? places.others);
}

function findPlaces(schema: JsonObject): Places | null {
  let places = placesOf.get(schema);
  if (places === undefined) placesOf.set(schema, (places = compilePlaces([schema])));
  return places;
}

/** Schemas that hold for the same value are read together: a text is personal where any of them says so. */
function compilePlaces(schemas: readonly JsonObject[]): Places | null {
  const all = schemas.flatMap(withBranches);
  const below = new Map<string, JsonObject[]>();
  const others: JsonObject[] = [];
  for (const schema of all) {
    for (const [name, property] of Object.entries(isObject(schema["properties"]) ? schema["properties"] : {})) {
      if (isObject(property)) below.set(name, [...(below.get(name) ?? []), property]);
    }
    for (const keyword of ["items", "additionalProperties"]) {
      const inner = schema[keyword];
      if (isObject(inner)) others.push(inner);
    }
  }
  const properties = new Map<string, Places>();
  for (const [name, inner] of below) {
    const places = compilePlaces(inner);
    if (places) properties.set(name, places);
  }
  const rest = others.length > 0 ? compilePlaces(others) : null;
  const here = all.some((schema) => schema[PERSONAL] === true);
  if (!here && properties.size === 0 && !rest) return null;
  return { here, properties, ...(rest && { others: rest }) };
}

function withBranches(schema: JsonObject): JsonObject[] {
  const branches = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list) ? list : [];
  });
  const conditional = ["then", "else"].map((keyword) => schema[keyword]);
  return [
    schema,
    ...[...branches, ...conditional]
      .filter((inner) => isObject(inner ?? null))
      .flatMap((inner) => withBranches(inner as JsonObject)),
  ];
}
