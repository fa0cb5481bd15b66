import { basename, dirname, join, resolve } from "node:path";
import {
  checkCatalogue,
  checkDocument,
  missingIn,
  parseCatalogue,
  parseDocument,
  type Fault,
  type PathwayDocument,
} from "../core/index.js";
import { WrongFile } from "./answered.js";
import { place, print } from "./print.js";
import { readNames, readText } from "./read-text.js";

interface Checked {
  file: string;
  faults: Fault[];
  /** Words that are missing in a language: they stop nothing. Absent where there are none. */
  warnings?: string[];
}

/** `<version>.<language>.yaml`, beside `<version>.yaml`. */
const CATALOGUE = /^(\d+\.\d+\.\d+)\.[a-z]{2,3}(?:-[A-Z]{2})?\.(ya?ml)$/;

/** `pathways check`: the answer is no where a file has a fault. A missing word is none. */
export async function checkFiles(files: string[], json?: boolean): Promise<boolean> {
  const read: Checked[] = [];
  const unread: string[] = [];
  for (const file of files) {
    try {
      const { warnings, ...checked } = await checkFile(file, files);
      read.push({ ...checked, ...(warnings && warnings.length > 0 && { warnings }) });
    } catch (error) {
      if (!(error instanceof WrongFile)) throw error;
      unread.push(error.message);
    }
  }
  if (!json) {
    for (const { file, faults, warnings = [] } of read) {
      for (const fault of faults) console.log(`${place(file, fault)}: ${fault.message}`);
      for (const warning of warnings) console.log(`Warning: ${warning}`);
      if (faults.length === 0) console.log(`${file}: no faults.`);
    }
  }
  if (unread.length > 0) throw new WrongFile(unread.join(json ? " " : "\n"), read.length > 0 ? { files: read } : {});
  if (json) print({ files: read });
  return read.every(({ faults }) => faults.length === 0);
}

/** `files`: those that are told of by themselves. */
async function checkFile(file: string, files: readonly string[]): Promise<Checked> {
  const [, version, extension] = CATALOGUE.exec(basename(file)) ?? [];
  const text = await readText(file);
  if (version !== undefined) return checkWords(file, text, join(dirname(file), `${version}.${extension}`));
  const { document, faults, locate } = parseDocument(text);
  if (!document) return { file, faults };
  const wrong = checkDocument(document, locate);
  return { file, faults: wrong, warnings: wrong.length > 0 ? [] : await missingBeside(file, document, files) };
}

async function checkWords(file: string, text: string, documentFile: string): Promise<Checked> {
  const { catalogue, faults, locate } = parseCatalogue(text);
  if (!catalogue) return { file, faults };
  const { document, faults: wrong } = parseDocument(await readText(documentFile));
  if (!document || wrong.length > 0 || checkDocument(document).length > 0) {
    const message = `The document ${documentFile} has faults: mend them first, for its words cannot be held to it.`;
    return { file, faults: [{ message, pointer: "" }] };
  }
  const unfit = checkCatalogue(document, catalogue, locate);
  const warnings = unfit.length > 0 ? [] : missingIn(document, catalogue).map((missing) => `${file}: ${missing}`);
  return { file, faults: unfit, warnings };
}

/** What the catalogues beside a document lack. One that has faults is told of when it is checked itself. */
async function missingBeside(file: string, document: PathwayDocument, files: readonly string[]): Promise<string[]> {
  const [stem] = basename(file).split(/\.ya?ml$/);
  // A folder that may be entered and not listed keeps nobody from checking what lies in it.
  const names = await readNames(dirname(file)).catch(() => []);
  const catalogues = names
    .filter((name) => CATALOGUE.exec(name)?.[1] === stem)
    .map((name) => join(dirname(file), name));
  const others = catalogues.filter((beside) => !files.some((other) => resolve(other) === resolve(beside)));
  const missing = await Promise.all(
    others.sort().map(async (beside) => {
      const { catalogue } = parseCatalogue(await readText(beside));
      return catalogue ? missingIn(document, catalogue).map((word) => `${beside}: ${word}`) : [];
    }),
  );
  return missing.flat();
}
