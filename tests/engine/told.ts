import { canonicalJson } from "../../src/core/index.js";

/** What was told, as a value: an answer is drawn when somebody looks at it. Ids are made by chance: each by its place. */
export function told(value: unknown): unknown {
  const places = new Map<string, number>();
  const text = canonicalJson(JSON.parse(JSON.stringify(value))).replaceAll(UUID, (id) => {
    if (!places.has(id)) places.set(id, places.size);
    return `#${places.get(id)}`;
  });
  return JSON.parse(text);
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
