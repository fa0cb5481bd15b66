import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";

interface Found {
  diagnostics: { filename: string; code: string; message: string }[];
}

const MODULES = [
  "core",
  "engine",
  "timers",
  "http",
  "reads",
  "people",
  "sites",
  "pathways",
  "patients",
  "tasks",
  "enrolments",
  "audit",
  "docs",
  "demo",
];
const AROUND_THE_CORE = [...MODULES.slice(1), "platform", "cli", "messages", "fhir", "web"];
/** Each may import those before it. Lint holds the layers; the order among the rooms is held here. */
const LAYERS = ["core", "platform", "engine", "http"];
const ROOMS = [
  ...["reads", "people", "sites", "pathways", "patients", "tasks", "enrolments"],
  ...["timers", "audit", "docs", "demo"],
];
const PROGRAM = ["cli/start", "main", "application", "app.module", "entities"];
const IMPORTS = "eslint(no-restricted-imports)";
const GLOBALS = "eslint(no-restricted-globals)";
const PROPERTIES = "eslint(no-restricted-properties)";

const importing = (path: string): string => `import { it } from "${path}";\nexport const found = it;\n`;
const using = (expression: string): string => `export const found = ${expression};\n`;

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));

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

  it("around the engine's entities as well", () => {
    const text = importing("../engine/storage/entities/index.js");
    expectRefused({ "src/http/other.ts": text, "src/tasks/other.ts": text }, IMPORTS);
  });

  it("between the layers, which point down", () => {
    const all = [...LAYERS, ...ROOMS];
    const lower = LAYERS.flatMap((name, place) => all.slice(0, place).map((below) => [name, below] as const));
    const higher = LAYERS.flatMap((name, place) => all.slice(place + 1).map((above) => [name, above] as const));
    const file = (name: string, other: string) => `src/${name}/${other}.ts`;
    expectTaken(Object.fromEntries(lower.map(([a, b]) => [file(a, b), importing(`../${b}/index.js`)])));
    expectRefused(Object.fromEntries(higher.map(([a, b]) => [file(a, b), importing(`../${b}/index.js`)])), IMPORTS);
    const program = all.flatMap((name) => PROGRAM.map((above) => [name, above] as const));
    expectRefused(
      Object.fromEntries(program.map(([a, b]) => [file(a, b.replace("/", "-")), importing(`../${b}.js`)])),
      IMPORTS,
    );
  });

  it("among the rooms, without circles", () => {
    const order = [...LAYERS, ...ROOMS];
    const source = join(PACKAGE_ROOT, "src");
    const upward = order.flatMap((room) =>
      filesOf(join(source, room)).flatMap((file) =>
        // Schemas are plain: what they take from each other makes no room depend on another.
        [...readFileSync(file, "utf8").matchAll(/from "((?:\.\.\/)+)([a-z]+)\/([^"]+)"/g)]
          .filter(([, up, , path]) => resolve(dirname(file), up!) === source && !path!.endsWith(".schemas.js"))
          .map(([, , to]) => to!)
          .filter((to) => order.indexOf(to) > order.indexOf(room))
          .map((to) => `${relative(source, file)} -> ${to}`),
      ),
    );
    expect(upward).toEqual([]);
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...order, "cli"].sort());
  });

  it("around the database, which rooms meet through the gate for reading alone", () => {
    const uses = ["DataSource", "type EntityManager", "QueryRunner"].map(
      (what) => `import { ${what} as Found } from "typeorm";\nexport type Found2 = Found;\n`,
    );
    const rooms = ["http", "tasks", "patients", "enrolments", "sites", "pathways", "audit", "people", "docs", "cli"];
    const bad = [...rooms, "engine", "engine/deciding", "engine/views"].flatMap((room) =>
      uses.map((text, index) => [`src/${room}/${index}.ts`, text]),
    );
    expectRefused(Object.fromEntries(bad), IMPORTS);
    const good = ["platform", "reads", "engine/storage", "timers"].flatMap((room) =>
      uses.map((text, index) => [`src/${room}/${index}.ts`, text]),
    );
    expectTaken({ ...Object.fromEntries(good), "src/engine/assemble.ts": uses[0]! });
    expectTaken({ "src/sites/site.entity.ts": importing("typeorm").replaceAll("it", "Entity") });
  });

  it("around schemas, which a browser may have too", () => {
    const packages = ["@nestjs/common", "typeorm", "node:fs", "../http/index.js", "./task-view.js"];
    const bad = packages.map((name, index) => [`src/tasks/${index}.schemas.ts`, importing(name)]);
    expectRefused(Object.fromEntries(bad), IMPORTS);
    const plain = ["typebox", "../http/shared.schemas.js", "../patients/patient.schemas.js", "./task.schemas.js"];
    expectTaken(
      Object.fromEntries(plain.map((name, index) => [`src/enrolments/${index}.schemas.ts`, importing(name)])),
    );
    expectRefused({ "src/enrolments/view.ts": importing("../tasks/task.schemas.js") }, IMPORTS);
  });

  it("out of the core", () => {
    const bad = AROUND_THE_CORE.flatMap((name) => [
      [`src/core/${name}.ts`, importing(`../${name}/index.js`)],
      [`src/core/fold/${name}.ts`, importing(`../../${name}/deep/inner.js`)],
    ]);
    const top = ["main", "application", "app.module", "cli", "entities"].map((name) => [
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
