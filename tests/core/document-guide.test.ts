import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { checkCatalogue, MESSAGE_FIELDS, parseCatalogue } from "../../src/core/index.js";
import { blocks, changed, DOCUMENTS, faultsOf, prose, sample } from "./document-sample.js";

const here = (path: string): URL => new URL(path, import.meta.url);
const schema = JSON.parse(readFileSync(here("../../pathways/pathway.schema.json"), "utf8")) as Described & {
  definitions: Record<string, Described>;
};
const words = JSON.parse(readFileSync(here("../../pathways/catalogue.schema.json"), "utf8")) as typeof schema;
const marked = (text: string): string[] => [...text.matchAll(/\*\*`(\w+)`\*\*/g)].map(([, name]) => name!);

interface Described {
  description?: string;
  required: string[];
  properties: Record<string, { items?: Described }>;
}

describe("The guide is true", () => {
  it("shows documents without a fault", () => {
    expect(DOCUMENTS.map(faultsOf)).toEqual([[], []]);
  });

  it("begins with a document of which no line can be left out", () => {
    const lines = DOCUMENTS[0]!.trimEnd().split("\n");
    expect(lines.length).toBeLessThan(20);
    const spare = lines.filter((line) => faultsOf(lines.filter((other) => other !== line).join("\n")).length === 0);
    expect(spare).toEqual([]);
  });

  it("marks the required fields, and no others", () => {
    const { parameter, event, timer, task, flag, derived } = schema.definitions;
    const row = (name: string): string => new RegExp(`^\\| (?:\\*\\*)?\`${name}\`.*$`, "m").exec(prose)![0];
    const bullet = (name: string): string => new RegExp(`^- \`${name}\`, a list of.*$`, "m").exec(prose)![0];
    const inner = (name: string): string => row(name).split(" | ")[1]!;
    const [table] = /^\| field +\| what it holds[^]*?\n\n/m.exec(prose)!;
    const [events] = /^\*\*`title`\*\*.*$/m.exec(prose)!;
    const firstCells = table.replaceAll(/^\| (.*?) \|.*$/gm, "$1");
    expect(marked(firstCells)).toEqual(schema.required);
    expect(marked(inner("parameters"))).toEqual(parameter!.required);
    expect(marked(inner("timers"))).toEqual(timer!.required);
    expect(marked(inner("flags"))).toEqual(flag!.required);
    expect(marked(inner("derived"))).toEqual(derived!.required);
    expect(marked(events)).toEqual(event!.required);
    for (const name of ["confirm", "requires"]) {
      expect(marked(bullet(name))).toEqual(event!.properties[name]!.items!.required);
    }
    const { escalation } = task!.properties;
    expect(marked(row("meta.task"))).toEqual([...task!.required, ...escalation!.items!.required]);
  });

  it("marks the required fields of a rung, shows a ladder without a fault, and names each of its fields", () => {
    const { rung } = schema.definitions as unknown as Record<string, { required: string[]; properties: object }>;
    const [table] = /^\| field of a rung[^]*?\n\n/m.exec(prose)!;
    const cells = [...table.matchAll(/^\| (.*?) +\|/gm)].map(([, cell]) => cell!);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
    expect(named.sort()).toEqual(Object.keys(rung!.properties).sort());
    expect(marked(table)).toEqual(rung!.required);
    const [ladder] = blocks("yaml").filter((text) => text.startsWith("task:"));
    const { task } = parse(ladder!) as { task: { reminders: object[]; escalation: object[] } };
    const told = changed(
      ["reminders: [P0D, P3D]", `reminders: ${JSON.stringify(task.reminders)}`],
      ["escalation: [{ after: P14D, to: lead }]", `escalation: ${JSON.stringify(task.escalation)}`],
    );
    expect(faultsOf(told)).toEqual([]);
  });

  it("shows a catalogue without a fault, and names each of its sections and fields of messages", () => {
    const [text] = blocks("yaml").filter((block) => block.startsWith("pathway: leg-ulcer"));
    const { catalogue, faults } = parseCatalogue(text!);
    expect([...faults, ...checkCatalogue(sample(), catalogue!)]).toEqual([]);
    const [table] = /^\| section[^]*?\n\n/m.exec(prose)!;
    const sections = Object.keys(words.properties).filter(
      (name) => !["$schema", "pathway", "version", "language"].includes(name),
    );
    expect(sections.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
    const fields = [...table.matchAll(/`\{(\w+)\}`/g)].map(([, name]) => name);
    expect(fields).toEqual([...MESSAGE_FIELDS.staff, ...MESSAGE_FIELDS.patient]);
  });

  it("quotes sentences that the check says", () => {
    const tests = readdirSync(here("."))
      .filter((name) => name.startsWith("document-refuses-"))
      .map((name) => readFileSync(here(name), "utf8").replaceAll("\\", ""))
      .join("\n");
    const quoted = [...prose.matchAll(/^> (.*)$/gm)].map(([, sentence]) => sentence!);
    expect(quoted.length).toBeGreaterThan(15);
    expect(quoted.filter((sentence) => !tests.includes(sentence))).toEqual([]);
  });
});

describe.each([
  ["pathway.schema.json", schema],
  ["catalogue.schema.json", words],
])("Editors complete from the published %s", (_, schema) => {
  it("is a JSON Schema", () => {
    expect(new Ajv({ strict: true, allowUnionTypes: true }).validateSchema(schema)).toBe(true);
  });

  it("explains every field", () => {
    const silent: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [name, property] of Object.entries((value as { properties?: object }).properties ?? {})) {
        const { $ref, title, description } = property as { $ref?: string; title?: string; description?: string };
        if ($ref === undefined && !(title && description)) silent.push(`${path}.${name}`);
      }
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
    };
    visit(schema, "");
    for (const [name, definition] of Object.entries(schema.definitions)) {
      if (!definition.description) silent.push(name);
    }
    expect(silent).toEqual([]);
  });
});
