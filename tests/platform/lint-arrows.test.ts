import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";

interface Found {
  diagnostics: { filename: string; code: string; message: string }[];
}

const MODULES = [
  "core",
  "engine",
  "timers",
  "people",
  "sites",
  "pathways",
  "enrolments",
  "worklist",
  "audit",
  "demo",
  "http",
];
const AROUND_THE_CORE = [...MODULES.slice(1), "platform", "cli", "docs", "messages", "fhir", "web"];
const IMPORTS = "eslint(no-restricted-imports)";
const GLOBALS = "eslint(no-restricted-globals)";
const PROPERTIES = "eslint(no-restricted-properties)";

const importing = (path: string): string => `import { it } from "${path}";\nexport const found = it;\n`;
const using = (expression: string): string => `export const found = ${expression};\n`;

describe("lint holds the arrows", () => {
  const root = mkdtempSync(join(tmpdir(), "arrows-"));
  afterAll(() => rmSync(root, { recursive: true }));

  /** The rules that refuse each file, which stands alone in a source tree under the project's own configuration. */
  const refusals = (files: Record<string, string>): Record<string, string[]> => {
    rmSync(root, { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    copyFileSync(join(PACKAGE_ROOT, ".oxlintrc.json"), join(root, ".oxlintrc.json"));
    const oxlint = join(PACKAGE_ROOT, "node_modules", "oxlint", "bin", "oxlint");
    const { stdout } = spawnSync(process.execPath, [oxlint, "--format", "json"], { cwd: root, encoding: "utf8" });
    const { diagnostics } = JSON.parse(stdout) as Found;
    const codesOf = (path: string) => diagnostics.filter(({ filename }) => filename === path).map(({ code }) => code);
    return Object.fromEntries(Object.keys(files).map((path) => [path, codesOf(path)]));
  };
  const expectRefused = (files: Record<string, string>, code: string): void =>
    expect(refusals(files)).toEqual(Object.fromEntries(Object.keys(files).map((path) => [path, [code]])));
  const expectTaken = (files: Record<string, string>): void =>
    expect(refusals(files)).toEqual(Object.fromEntries(Object.keys(files).map((path) => [path, []])));

  it("around a module's index.ts", () => {
    const bad = MODULES.flatMap((name) => [
      [`src/${name}-from-top.ts`, importing(`./${name}/inner.js`)],
      [`src/other/${name}.ts`, importing(`../${name}/inner.js`)],
      [`src/other/deep/${name}.ts`, importing(`../../${name}/deep/inner.js`)],
      [`src/other/${name}-folder.ts`, importing(`../${name}/deep/index.js`)],
    ]);
    expectRefused(Object.fromEntries(bad), IMPORTS);
  });

  it("not at the index.ts, nor within a module", () => {
    const good = MODULES.flatMap((name) => [
      [`src/other/${name}.ts`, importing(`../${name}/index.js`)],
      [`src/${name}/sibling.ts`, importing("./inner.js")],
      [`src/${name}/deep/below.ts`, importing("../inner.js")],
    ]);
    expectTaken(Object.fromEntries(good));
  });

  it("around the engine's entities, which the DataSource alone takes", () => {
    const text = importing("../engine/storage/entities/index.js");
    expectTaken({ "src/platform/database.ts": text });
    expectRefused({ "src/platform/other.ts": text }, IMPORTS);
    expectRefused({ "src/platform/database.ts": importing("../engine/load.js") }, IMPORTS);
  });

  it("out of the core", () => {
    const bad = AROUND_THE_CORE.flatMap((name) => [
      [`src/core/${name}.ts`, importing(`../${name}/index.js`)],
      [`src/core/fold/${name}.ts`, importing(`../../${name}/deep/inner.js`)],
    ]);
    const top = ["main", "application", "app.module", "cli"].map((name) => [
      `src/core/top-${name}.ts`,
      importing(`../${name}.js`),
    ]);
    expectRefused(Object.fromEntries([...bad, ...top]), IMPORTS);
  });

  it("between the core and packages with effects", () => {
    const packages = ["@nestjs/common", "typeorm", "bullmq", "ioredis", "pg", "pino", "node:fs", "node:timers"];
    const bad = packages.map((name, index) => [`src/core/${index}.ts`, importing(name)]);
    expectRefused(Object.fromEntries(bad), IMPORTS);
    expectRefused(
      { "src/core/ids.ts": 'import { randomUUID } from "node:crypto";\n' + using("randomUUID()") },
      IMPORTS,
    );
    expectTaken({
      "src/core/hash.ts": 'import { createHash } from "node:crypto";\n' + using('createHash("sha256")'),
      "src/core/machine.ts": importing("xstate"),
    });
  });

  it("between the core and clocks, processes, waiting, I/O and chance", () => {
    const globals = [
      "Date.now()",
      "new Date()",
      "performance.now()",
      "process.env",
      "setTimeout(() => 1)",
      "setInterval(() => 1)",
      "setImmediate(() => 1)",
      'fetch("/")',
      "console",
      "crypto.randomUUID()",
    ];
    const bad = globals.map((expression, index) => [`src/core/${index}.ts`, using(expression)]);
    expectRefused(Object.fromEntries(bad), GLOBALS);
    const now = 'import { Temporal } from "temporal-polyfill";\n' + using("Temporal.Now.instant()");
    expectRefused({ "src/core/chance.ts": using("Math.random()"), "src/core/now.ts": now }, PROPERTIES);
    expectTaken({ "src/core/max.ts": using("Math.max(1, 2)"), "src/engine/chance.ts": using("Math.random()") });
  });
});
