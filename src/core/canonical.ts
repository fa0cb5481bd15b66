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
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += `,${write(item ?? null)}`;
    return `[${text.slice(1)}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) text += `,${PLAIN.test(key) ? `"${key}"` : JSON.stringify(key)}:${write(member)}`;
  }
  return `{${text.slice(1)}}`;
}

/** Needs no escapes. */
const PLAIN = /^[\w.]*$/;
