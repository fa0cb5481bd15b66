import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { PathwayDocument } from "../../src/core/document/document.js";
import { compile } from "../../src/core/machine/pathway.js";

const file = new URL("../../pathways/neoplastic-lumbosacral-plexopathy/1.0.0.yaml", import.meta.url);

export const text = readFileSync(file, "utf8");
export const pathway = compile(parse(text) as PathwayDocument);
