import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import { DOCUMENTS, faultsOf, prose } from "./document-sample.js";

const here = (path: string): URL => new URL(path, import.meta.url);
const schema = JSON.parse(readFileSync(here("../../pathways/pathway.schema.json"), "utf8")) as Described & {
  definitions: Record<string, Described>;
};
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

describe("Editors complete from the published schema", () => {
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
