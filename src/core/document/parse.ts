import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument as parseYaml,
  type Document,
  type Node,
  type YAMLMap,
} from "yaml";
import { tooDeepAt } from "./depth.js";
import type { Json, PathwayDocument } from "./document.js";
import { locateFault, type Fault, type Locate } from "./fault.js";
import { pointerKeys } from "./pointer.js";
import { PATHWAY } from "./pathway-form.js";
import { formFaults, type Form } from "./structure.js";
import { DEEPEST, textFaults } from "../text/text-faults.js";

/** More than any document needs, and few enough that aliases of aliases fill no memory. */
const MAX_ALIASES = 1000;

export interface Parsed {
  /** Only where the text has no fault of form; `checkDocument` tells whether it makes sense. */
  document?: PathwayDocument;
  faults: Fault[];
  /** Where a JSON pointer stands in the text: at the key of a property, at the beginning of an item. */
  locate: Locate;
}

/** Reads a document from YAML 1.2 or JSON and checks its form against `pathway.schema.json`. */
export function parseDocument(text: string): Parsed {
  const { value, faults, locate } = parseForm(text, PATHWAY);
  return { ...(value !== undefined && { document: value as unknown as PathwayDocument }), faults, locate };
}

/** Reads YAML 1.2 or JSON and checks its form; `value` only where that has no fault. */
export function parseForm(text: string, form: Form): { value?: Json; faults: Fault[]; locate: Locate } {
  const deep = tooDeepAt(text);
  if (deep !== undefined) return { faults: [tooDeep(text, deep)], locate: () => undefined };
  const lines = new LineCounter();
  const yaml = parseYaml(text, { lineCounter: lines, prettyErrors: false, merge: true, strict: true });
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const locate: Locate = (pointer) => position(offsetOf(yaml, pointerKeys(pointer)));
  const broken = withoutConsequences([...yaml.errors, ...yaml.warnings]);
  if (broken.length > 0) {
    const faults = broken.map(({ message, code, pos }) => ({
      message: (MENDS[code] ?? unreadable)(message.replaceAll(/\s+/g, " ").replace(/\.$/, "")),
      pointer: "",
      ...position(pos[0]),
    }));
    return { faults, locate };
  }
  const loose = looseAliases(yaml).map(({ source, offset }) => ({
    message: `The alias \`*${source}\` has no anchor \`&${source}\` before it: set one, or write the text out.`,
    pointer: "",
    ...position(offset),
  }));
  if (loose.length > 0) return { faults: loose, locate };
  let value: Json;
  try {
    value = yaml.toJS({ maxAliasCount: MAX_ALIASES }) as Json;
  } catch (error) {
    return { faults: [{ message: `The text cannot be read: ${(error as Error).message}.`, pointer: "" }], locate };
  }
  const unfit = textFaults(value).map(({ pointer, detail }) => ({ pointer, message: detail }));
  const faults = [...unfit, ...formFaults(form, value)].map((fault) => locateFault(fault, locate));
  if (faults.length > 0) return { faults, locate };
  return { value, faults, locate };
}

function tooDeep(text: string, offset: number): Fault {
  const before = text.slice(0, offset).split("\n");
  const message = `This is nested deeper than ${DEEPEST} levels: flatten it.`;
  return { message, pointer: "", line: before.length, column: before.at(-1)!.length + 1 };
}

function looseAliases(yaml: Document.Parsed): { source: string; offset: number }[] {
  const loose: { source: string; offset: number }[] = [];
  const anchors = new Set<string>();
  const walk = (node: unknown): void => {
    if (isAlias(node)) {
      if (!anchors.has(node.source)) loose.push({ source: node.source, offset: node.range?.[0] ?? 0 });
    } else if (isPair(node)) {
      walk(node.key);
      walk(node.value);
    } else if (isNode(node)) {
      const { anchor } = node as { anchor?: string };
      if (anchor !== undefined) anchors.add(anchor);
      if (isCollection(node)) node.items.forEach(walk);
    }
  };
  walk(yaml.contents);
  return loose;
}

/** Faults of a text that can be read, by the parser's code for them. */
const MENDS: Partial<Record<string, (told: string) => string>> = {
  DUPLICATE_KEY: (told) => `${told}: the same name stands twice; keep one.`,
  MULTIPLE_DOCS: () => "A file holds one document: leave out what follows `---`.",
  TAG_RESOLVE_FAILED: (told) => `${told}: put a text that begins with \`!\` in quotes.`,
};

const unreadable = (told: string): string => `This is no YAML: ${told}; mend the text there.`;

/** What stands behind a slip is read wrongly: then the slip alone is told. */
function withoutConsequences<Broken extends { code: string; pos: [number, number] }>(broken: Broken[]): Broken[] {
  const slips = broken.filter(({ code }) => !MENDS[code]);
  return slips.length === 0 ? broken : slips.sort((a, b) => a.pos[0] - b.pos[0]).slice(0, 1);
}

/** Offset of the key or item that the last key names, or of the nearest one around it. */
function offsetOf(yaml: Document.Parsed, keys: readonly string[]): number {
  let node: unknown = yaml.contents;
  let offset = yaml.contents?.range?.[0] ?? 0;
  for (const key of keys) {
    const found = step(yaml, resolved(yaml, node), key);
    if (!found) break;
    offset = found.offset ?? offset;
    node = found.node;
  }
  return offset;
}

function step(yaml: Document, node: unknown, key: string): { node: unknown; offset: number | undefined } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined;
    return item && { node: item, offset: item.range?.[0] };
  }
  return isMap(node) ? property(yaml, node, key) : undefined;
}

/** Own properties first, then those that `<<` brings in. */
function property(yaml: Document, map: YAMLMap, key: string): ReturnType<typeof step> {
  const keyOf = (item: unknown): unknown => (isPair(item) && isScalar(item.key) ? item.key.value : undefined);
  const own = map.items.find((item) => String(keyOf(item)) === key);
  if (own) return { node: own.value, offset: (own.key as Node).range?.[0] };
  for (const item of map.items) {
    if (keyOf(item) !== "<<") continue;
    const merged = resolved(yaml, item.value);
    for (const source of isSeq(merged) ? merged.items : [merged]) {
      const found = step(yaml, resolved(yaml, source), key);
      if (found) return found;
    }
  }
  return undefined;
}

function resolved(yaml: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(yaml) : node;
}
