import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
  packages: Record<string, LockedPackage>;
};

describe("the lock file", () => {
  it("names every optional package of every platform, so that npm ci accepts it on each", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it("names no address of a registry", () => {
    expect(Object.values(packages).filter((locked) => "resolved" in locked)).toEqual([]);
  });
});
