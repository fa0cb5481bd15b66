import { readFileSync } from "node:fs";
import { checkDocument, compile, formatFault, parseDocument } from "../../src/core/index.js";

const file = new URL("../../pathways/neoplastic-lumbosacral-plexopathy/1.0.0.yaml", import.meta.url);
const { document, faults, locate } = parseDocument(readFileSync(file, "utf8"));
if (!document) throw new Error(faults.map((fault) => formatFault(fault)).join("\n"));

/** What the document checks have against the first pathway. */
export const documentFaults = checkDocument(document, locate).map((fault) => formatFault(fault));
export const pathway = compile(document);
