import { basename, join } from "node:path";
import type { Command } from "commander";
import {
  checkDocument,
  compile,
  LineFault,
  parseDocument,
  projectLines,
  readJson,
  readStory,
  runStory,
  xstateJson,
  type Pathway,
  type ProjectOptions,
} from "../core/index.js";
import { answered, WrongFile } from "./answered.js";
import { checkFiles } from "./check-files.js";
import { counted } from "./counted.js";
import { place, print } from "./print.js";
import { readNames, readText } from "./read-text.js";

const LINES = `
A line is an event or a correction of one; lines are counted from 0:
  {"type": "...", "occurredAt": "...", "data": {...}, "by": "...", "recordedAt": "..."}
  {"corrects": <line>, "occurredAt": "...", "data": {...}, "strikeOut": true, "recordedAt": "..."}
The first line is the event pathway.enrolled. An event needs its type and its
occurredAt: an instant with its zone (2026-03-02T09:00:00Z) or a date.
by is a role (coordinator, clinician, lead, auditor, admin, system), plus
digits to tell people apart: clinician, clinician2. Without it no role is
checked. recordedAt is an instant. What is refused, and why, is printed in
refused, by line. More, with examples: pathways/README.md.`;

/** The document commands: no database, no server. */
export function registerPathways(program: Command): void {
  const pathways = program.command("pathways").description("check, project, test and export pathway documents");

  pathways
    .command("check")
    .description("check documents and catalogues, each fault in one sentence with its line and the mend")
    .argument("<file...>", "YAML or JSON documents, and catalogues beside theirs: <version>.<language>.yaml")
    .option("--json", "print one JSON object")
    .action((files: string[], { json }: { json?: boolean }, command: Command) =>
      answered(command, () => checkFiles(files, json)),
    );

  pathways
    .command("project")
    .description("fold a list of events, without a clock or a database")
    .argument("<file>", "the document")
    .argument("<events>", "one JSON object a line (see below); - reads the standard input")
    .option("--as-of <instant>", "look at this instant (default: the last event's)")
    .option("--known-at <instant>", "use only what was recorded by then")
    .option("--time-zone <zone>", "the site's time zone", "UTC")
    .option("--ladders", "show reminders and escalations as well")
    .option("--json", "accepted for uniformity: the answer is JSON always")
    .addHelpText("after", LINES)
    .action((file: string, events: string, options: ProjectOptions, command: Command) =>
      answered(command, async () => {
        const pathway = await readPathway(file);
        print(projectLines(pathway, parseLines(await readText(events)), options));
        return true;
      }),
    );

  pathways
    .command("test")
    .description("run the patient stories of a folder against a document")
    .argument("<file>", "the document")
    .argument("<folder>", "stories, one YAML file each")
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nWhat a story is: pathways/README.md.")
    .action((file: string, folder: string, { json }: { json?: boolean }, command: Command) =>
      answered(command, async () => runStories(await readPathway(file), folder, json)),
    );

  pathways
    .command("export")
    .description("print the machine as plain XState JSON")
    .argument("<file>", "the document")
    .option("--json", "accepted for uniformity: the answer is JSON always")
    .action((file: string, _: unknown, command: Command) =>
      answered(command, async () => {
        print(xstateJson((await readPathway(file)).document));
        return true;
      }),
    );
}

async function runStories(pathway: Pathway, folder: string, json?: boolean): Promise<boolean> {
  const names = (await readNames(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) throw new WrongFile(`${folder} holds no story: a story is a .yaml file.`);
  const results = [];
  for (const name of names)
    results.push({ story: basename(name), failures: await runFile(pathway, join(folder, name)) });
  const failed = results.filter(({ failures }) => failures.length > 0);
  if (json) print({ passed: results.length - failed.length, failed: failed.length, stories: results });
  else {
    for (const { story, failures } of failed) for (const failure of failures) console.log(`${story}: ${failure}`);
    const held = counted(results.length - failed.length, "story holds", "stories hold");
    console.log(`${held}, ${counted(failed.length, "story does not", "do not")}.`);
  }
  return failed.length === 0;
}

async function runFile(pathway: Pathway, file: string): Promise<string[]> {
  try {
    return runStory(pathway, readStory(await readText(file)));
  } catch (fault) {
    return [(fault as Error).message];
  }
}

async function readPathway(file: string): Promise<Pathway> {
  const { document, faults, locate } = parseDocument(await readText(file));
  const [fault] = document ? [...faults, ...checkDocument(document, locate)] : faults;
  if (!document || fault) throw new WrongFile(`${place(file, fault!)}: ${fault!.message}`);
  return compile(document);
}

function parseLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const { value, faults } = parseLine(line, index);
      if (faults.length === 0) return value;
      throw new LineFault(faults.map(({ pointer, detail }) => `Line ${index}: ${pointer}: ${detail}`).join(" "));
    });
}

function parseLine(line: string, index: number): ReturnType<typeof readJson> {
  try {
    return readJson(line);
  } catch {
    throw new LineFault(`Line ${index}: not a JSON object.`);
  }
}
