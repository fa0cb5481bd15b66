import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import { LIBRARIES, overrides, ROOMS, WRITERS } from "./layers.js";

interface Found {
  diagnostics: { filename: string; code: string; message: string }[];
}

const MODULES = [...LIBRARIES, ...ROOMS];
const AROUND_THE_CORE = [...MODULES.slice(1), "platform", "cli", "docs", "messages", "fhir", "web"];
const IMPORTS = "eslint(no-restricted-imports)";
const GLOBALS = "eslint(no-restricted-globals)";
const PROPERTIES = "eslint(no-restricted-properties)";

const importing = (path: string): string => `import { it } from "${path}";\nexport const found = it;\n`;
const typeOf = (name: string, path = "typeorm"): string =>
  `import type { ${name} } from "${path}";\nexport type Found = ${name};\n`;
const using = (expression: string): string => `export const found = ${expression};\n`;

describe("lint holds the arrows", () => {
  const root = mkdtempSync(join(tmpdir(), "arrows-"));
  afterAll(() => rmSync(root, { recursive: true }));

  /** The rules that refuse each file, which stands alone in a source tree under the project's own configuration. */
  const refusals = (files: Record<string, string>): Record<string, string[]> => {
    rmSync(root, { recursive: true });
    mkdirSync(root);
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

  it("around the engine's entities, wherever they are asked for", () => {
    const around = { "src/people/other.ts": "..", "src/timers/doctor/other.ts": "../..", "src/entities.ts": "." };
    const files = Object.entries(around).map(([path, up]) => [
      path,
      importing(`${up}/engine/storage/entities/index.js`),
    ]);
    expectRefused(Object.fromEntries(files), IMPORTS);
  });

  it("from a layer to those above it", () => {
    const application = ["main", "application", "app.module", "entities", "cli", "cli/start"];
    const layers = [["platform"], ["engine"], ["reads"], ["http"], ROOMS, application];
    const from = { platform: 0, engine: 1, reads: 2, http: 3, people: 4, timers: 4 };
    const arrows = (name: string, others: string[][], deep: string) =>
      others.flat().map((other): [string, string] => {
        const path = application.includes(other) ? other : `${other}/${other === "platform" ? "clock" : "index"}`;
        return [`src/${name}/${deep}${other.replace("/", "-")}.ts`, importing(`${deep ? "../" : ""}../${path}.js`)];
      });
    for (const [name, place] of Object.entries(from)) {
      const above = layers.slice(place + 1);
      expectRefused(Object.fromEntries([...arrows(name, above, ""), ...arrows(name, above, "deep/")]), IMPORTS);
      const beneath = [...layers.slice(0, place), ["core"]];
      expectTaken(Object.fromEntries([...arrows(name, beneath, ""), ...arrows(name, beneath, "deep/")]));
    }
    expectTaken({ "src/main.ts": importing("./application.js"), "src/cli/start.ts": importing("../main.js") });
  });

  it("within the engine", () => {
    const folders = ["model", "views", "deciding", "storage"];
    const takes: Record<string, string[]> = {
      model: ["model"],
      views: ["model", "views"],
      deciding: ["model", "views", "deciding"],
      storage: ["model", "storage"],
      "storage/entities": ["model"],
    };
    for (const [from, taken] of Object.entries(takes)) {
      const up = "../".repeat(from.split("/").length);
      const file = (to: string): [string, string] => [`src/engine/${from}/${to}.ts`, importing(`${up}${to}/inner.js`)];
      expectRefused(Object.fromEntries(folders.filter((it) => !taken.includes(it)).map(file)), IMPORTS);
      const tops = ["engine", "lane", "rulebook", "anything-new"];
      expectRefused(
        Object.fromEntries(tops.map((top) => [`src/engine/${from}/${top}.ts`, importing(`${up}${top}.js`)])),
        IMPORTS,
      );
      expectTaken({
        ...Object.fromEntries(taken.filter((folder) => folder !== from).map(file)),
        [`src/engine/${from}/sibling.ts`]: importing("./inner.js"),
        [`src/engine/${from}/beneath.ts`]: importing(`../${up}platform/clock.js`),
      });
    }
    expectTaken({
      "src/engine/engine.ts": importing("./deciding/decide.js"),
      "src/engine/assemble.ts": importing("./storage/load.js"),
      "src/engine/storage/store.ts": importing("../store.js"),
      "src/engine/storage/points.ts": importing("../crash-points.js"),
    });
  });

  it("between those who ask and the connections", () => {
    const connecting = ["DataSource", "EntityManager", "QueryRunner"].map((name) => typeOf(name));
    const filesIn = (places: string[]) =>
      Object.fromEntries(
        places.flatMap((place) => connecting.map((text, index) => [place.replace("*", `any-${index}`), text])),
      );
    const askers = [...ROOMS, "timers/doctor", "http", "http/health", "reads"];
    expectRefused(
      filesIn([
        ...askers.map((room) => `src/${room}/*.ts`),
        ...["", "model/", "views/", "deciding/"].map((folder) => `src/engine/${folder}*.ts`),
        "src/*.ts",
        ...WRITERS,
        "src/main.ts",
      ]),
      IMPORTS,
    );
    const connected = ["platform", "platform/embedded", "engine/storage", "cli"];
    expectTaken({
      ...filesIn(connected.map((room) => `src/${room}/*.ts`)),
      "src/reads/reads.ts": connecting[0]!,
      "src/engine/assemble.ts": connecting[0]!,
      "src/sites/row.entity.ts": importing("typeorm").replaceAll("it", "Entity"),
    });
  });

  it("between those who ask and every other way to a connection", () => {
    const ways = (up: string): string[] => [
      'import * as typeorm from "typeorm";\nexport const found = typeorm;\n',
      typeOf("Repository"),
      typeOf("EntityManager", "typeorm/entity-manager/EntityManager.js"),
      importing("pg"),
      importing(`${up}platform/database.js`),
      importing(`${up}platform/prepare-database.js`),
    ];
    const places = { "timers/": "../", "timers/doctor/": "../../", "tasks/": "../", "http/": "../", "reads/": "../" };
    const files = Object.entries({ ...places, "engine/": "../", "engine/views/": "../../", "": "./" }).flatMap(
      ([place, up]) => ways(up).map((text, index) => [`src/${place}way-${index}.ts`, text]),
    );
    expectRefused(Object.fromEntries(files), IMPORTS);
    expectTaken({ "src/main.ts": importing("./platform/prepare-database.js") });
  });

  it("between those who ask and transactions, but for those who write tables of their own", () => {
    const into = (path: string): [string, string] => [
      path,
      importing(`${"../".repeat(path.split("/").length - 2) || "./"}platform/transactions.js`),
    ];
    const others = [...ROOMS, "timers/doctor", "http", "http/health", "reads", "engine", "engine/storage"];
    const asking = ["src/any.ts", "src/reads/reads.ts", ...others.map((place) => `src/${place}/any.ts`)];
    expectRefused(Object.fromEntries(asking.map(into)), IMPORTS);
    expectTaken(Object.fromEntries([...WRITERS, "src/cli/any.ts"].map(into)));
  });

  it("between schemas and the framework", () => {
    const bad = ["@nestjs/swagger", "typeorm", "../http/index.js", "./tasks.controller.js", "../engine/index.js"];
    expectRefused(Object.fromEntries(bad.map((path, n) => [`src/tasks/${n}.schemas.ts`, importing(path)])), IMPORTS);
    const good = ["typebox", "../http/shared.schemas.js", "./task.schemas.js", "../patients/patient.schemas.js"];
    expectTaken(Object.fromEntries(good.map((path, n) => [`src/tasks/${n}.schemas.ts`, importing(path)])));
    expectRefused({ "src/http/shared.schemas.ts": importing("@nestjs/common") }, IMPORTS);
    expectRefused({ "src/tasks/view.ts": importing("../http/shared.schemas.js") }, IMPORTS);
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

describe("the table of the layers", () => {
  const settings = JSON.parse(readFileSync(join(PACKAGE_ROOT, ".oxlintrc.json"), "utf8")) as { overrides: object[] };

  it("is what .oxlintrc.json says", () => {
    expect(settings.overrides).toEqual(JSON.parse(JSON.stringify(overrides())));
  });

  it("knows every folder of the source, and names no file that is gone", () => {
    const folders = readdirSync(join(PACKAGE_ROOT, "src"), { withFileTypes: true }).filter((it) => it.isDirectory());
    const known = [...LIBRARIES, ...ROOMS, "platform", "cli"];
    expect(folders.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    const named = (overrides() as { files: string[] }[])
      .flatMap(({ files }) => files)
      .filter((it) => !it.includes("*"));
    expect(named.filter((path) => !existsSync(join(PACKAGE_ROOT, path)))).toEqual([]);
  });
});
