import { Optional } from "@marcbachmann/cel-js";
import type { Json } from "../document/document.js";

/** A value of CEL as plain JSON: whole numbers are BigInt there, an optional is its value or null. */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "bigint":
      return Number(value);
    case "number":
      if (Number.isFinite(value)) return value;
      throw new Error(`${value} is no JSON number`);
    default:
      return fromObject(value);
  }
}

function fromObject(value: unknown): Json {
  if (value === null) return null;
  if (value instanceof Optional) return value.hasValue() ? toJson(value.value()) : null;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]));
  }
  throw new Error("it gives a value that JSON has no form for");
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
