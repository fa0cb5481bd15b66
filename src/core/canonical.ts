import { createHash } from "node:crypto";
import type { Json } from "./document/document.js";

/** JSON with the keys of every object in code-unit order and without white space (RFC 8785). */
export function canonicalJson(value: unknown): string {
  return write(value as Json);
}

/** SHA-256 of the canonical JSON, in hex. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

function write(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => write(item ?? null)).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key]!)}`);
  return `{${members.join()}}`;
}
