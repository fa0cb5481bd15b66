import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import { blocks, faultsOf, prose } from "./document-sample.js";

const here = (path: string): URL => new URL(path, import.meta.url);
const schema = JSON.parse(readFileSync(here("../../pathways/pathway.schema.json"), "utf8")) as Record<string, unknown>;

describe("The guide is true", () => {
  it("shows documents without a fault", () => {
    expect(blocks("yaml").map(faultsOf)).toEqual([[]]);
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
    for (const [name, definition] of Object.entries(
      schema["definitions"] as Record<string, { description?: string }>,
    )) {
      if (!definition.description) silent.push(name);
    }
    expect(silent).toEqual([]);
  });
});
