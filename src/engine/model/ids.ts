import { createHash } from "node:crypto";
import type { TaskRef } from "../../core/index.js";

/**
 * A UUID made from names: the same parts give the same id, so that deciding stays pure and a batch that is tried again
 * names the same things.
 */
export function uuidOf(...parts: (string | number)[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function taskIdOf(enrolmentId: string, { key, openedAt, nth }: TaskRef): string {
  return uuidOf("task", enrolmentId, key, openedAt, nth);
}
