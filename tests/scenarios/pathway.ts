import { readFileSync } from "node:fs";
import { checkDocument, compile, formatFault, parseDocument, type Pathway } from "../../src/core/index.js";

export const VERSIONS = ["1.0.0", "1.1.0"] as const;

function read(version: string): { pathway: Pathway; documentFaults: string[] } {
  const file = new URL(`../../pathways/neoplastic-lumbosacral-plexopathy/${version}.yaml`, import.meta.url);
  const { document, faults, locate } = parseDocument(readFileSync(file, "utf8"));
  if (!document) throw new Error(faults.map((fault) => formatFault(fault)).join("\n"));
  return {
    documentFaults: checkDocument(document, locate).map((fault) => formatFault(fault)),
    pathway: compile(document),
  };
}

/** What the document checks have against the first version of the pathway. */
export const { pathway, documentFaults } = read("1.0.0");

/** The same of its second version. */
export const second = read("1.1.0");
