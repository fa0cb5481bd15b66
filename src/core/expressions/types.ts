import type { Json, JsonObject, PathwayDocument } from "../document/document.js";
import { LIFECYCLE_EVENTS } from "../document/lifecycle.js";
import { PERSONAL } from "../document/personal.js";
import { isObject, resolveSchema } from "../document/resolve-schema.js";

/** What expressions may do with a value, as far as its schema tells. */
export type ValueType =
  | { kind: "string" | "double" | "bool" | "sealed" | "any"; values?: readonly Json[] }
  | { kind: "list"; items: ValueType }
  | ObjectType;

/** An object whose fields are all known. */
export interface ObjectType {
  kind: "object";
  /** In words, for messages: ``the data of `pain.scored` ``. */
  title: string;
  fields: ReadonlyMap<string, ValueType>;
}

/** Free text: whether it is there can be asked, what it says can not. */
const SEALED: ValueType = { kind: "sealed" };
const ANY: ValueType = { kind: "any" };

/** The event that a guard sees, or those that a function lists. `data` is what the schema of the type allows. */
export function eventType(types: readonly string[], data: ValueType, title: string): ObjectType {
  const fields: [string, ValueType][] = [
    ["type", { kind: "string", values: types }],
    ["at", { kind: "string" }],
    // A person, or null: `pathways project` knows events of nobody.
    ["by", ANY],
    ["data", data],
  ];
  return { kind: "object", title, fields: new Map(fields) };
}

/** The event of one type; of any declared one (`"*"`). */
export function namedEvent(document: PathwayDocument, type: string): ObjectType {
  if (type !== "*") return eventType([type], dataType(document, type), `\`${type}\``);
  const types = Object.keys(document.events);
  return eventType(types, unionOf(document, types), "an event");
}

/** Any event that can be on record, the engine's own included. */
export function anyFact(document: PathwayDocument): ObjectType {
  const types = [...Object.keys(document.events), ...Object.keys(LIFECYCLE_EVENTS)];
  return eventType(types, unionOf(document, types), "an event");
}

export function parametersType(document: PathwayDocument): ObjectType {
  const fields = new Map<string, ValueType>();
  // The value itself may change with a new version: only what kind it is of counts.
  for (const [name, { value }] of Object.entries(document.parameters)) {
    fields.set(name, { kind: ofValues([value]).kind } as ValueType);
  }
  return { kind: "object", title: "the parameters", fields };
}

function dataType(document: PathwayDocument, type: string): ValueType {
  return ofSchema(resolveSchema(document, type), `the data of \`${type}\``);
}

function unionOf(document: PathwayDocument, types: readonly string[]): ValueType {
  const all = types.map((type) => dataType(document, type));
  return all.length === 0 ? ANY : all.reduce((one, other) => merge(one, other, "the data of any event"));
}

function ofSchema(schema: JsonObject, title: string): ValueType {
  if (schema[PERSONAL] === true) return SEALED;
  if (Array.isArray(schema["enum"])) return ofValues(schema["enum"]);
  if (schema["const"] !== undefined) return ofValues([schema["const"]]);
  switch (schema["type"]) {
    case "string":
      return { kind: "string" };
    case "number":
    case "integer":
      return { kind: "double" };
    case "boolean":
      return { kind: "bool" };
    case "array":
      return {
        kind: "list",
        items: isObject(schema["items"]) ? ofSchema(schema["items"], `an entry of ${title}`) : ANY,
      };
    case "object":
      return ofObject(schema, title);
    default:
      return ANY;
  }
}

function ofObject(schema: JsonObject, title: string): ValueType {
  const properties = schema["properties"];
  const isOpen = schema["additionalProperties"] !== false || schema["patternProperties"] !== undefined;
  if (!isObject(properties) || isOpen) return ANY;
  const fields = Object.entries(properties).map(([name, property]): [string, ValueType] => [
    name,
    isObject(property) ? ofSchema(property, `\`${name}\` in ${title}`) : ANY,
  ]);
  return { kind: "object", title, fields: new Map(fields) };
}

function ofValues(values: readonly Json[]): ValueType {
  const kinds = new Set(values.map((value) => typeof value));
  const [kind] = kinds;
  if (kinds.size !== 1) return ANY;
  if (kind === "string") return { kind: "string", values };
  if (kind === "number") return { kind: "double", values };
  return kind === "boolean" ? { kind: "bool" } : ANY;
}

/** A value that is of the one type or of the other. */
function merge(one: ValueType, other: ValueType, title: string): ValueType {
  if (one.kind === "object" && other.kind === "object") {
    const fields = new Map(one.fields);
    for (const [name, type] of other.fields) {
      const known = fields.get(name);
      fields.set(name, known ? merge(known, type, `\`${name}\` in ${title}`) : type);
    }
    return { kind: "object", title, fields };
  }
  if (one.kind === "list" && other.kind === "list")
    return { kind: "list", items: merge(one.items, other.items, title) };
  if (one.kind !== other.kind || one.kind === "object" || one.kind === "list") return ANY;
  const values = valuesOf(one);
  const others = valuesOf(other);
  return { kind: one.kind, ...(values && others && { values: [...new Set([...values, ...others])] }) };
}

/** The values that a schema allows, where it names them. */
export function valuesOf(type: ValueType): readonly Json[] | undefined {
  return "values" in type ? type.values : undefined;
}
