import { readFileSync } from "node:fs";
import { checkDocument, parseDocument, type Fault, type PathwayDocument } from "../../src/core/document/index.js";

const guide = readFileSync(new URL("../../pathways/README.md", import.meta.url), "utf8");

/** Blocks of the guide in a language, in order. */
export function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);
}

/** The guide without its blocks. */
export const prose = guide.replaceAll(/^```[^]*?^```$/gm, "");

/** The documents among the guide's examples: the smallest one, and the complete one. */
export const DOCUMENTS = blocks("yaml").filter((text) => text.startsWith("id: "));

/** The complete example of the guide. */
export const SAMPLE = DOCUMENTS[1]!;

/** The example with some changes; each text to be changed stands there exactly once. */
export function changed(...edits: readonly (readonly [from: string, to: string])[]): string {
  let text = SAMPLE;
  for (const [from, to] of edits) {
    const pieces = text.split(from);
    if (pieces.length !== 2) throw new Error(`"${from}" stands ${pieces.length - 1} times in the example.`);
    text = pieces.join(to);
  }
  return text;
}

/** What the command `pathways check` tells of a text. */
export function faultsOf(text: string): Fault[] {
  const { document, faults, locate } = parseDocument(text);
  return document ? checkDocument(document, locate) : faults;
}

export function sample(text = SAMPLE): PathwayDocument {
  const { document, faults } = parseDocument(text);
  if (!document) throw new Error(faults.map(({ message }) => message).join("\n"));
  return document;
}
