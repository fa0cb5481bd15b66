import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "@jest/globals";
import { PACKAGE_ROOT } from "../../src/platform/package-root.js";
import { LIBRARIES, ROOMS } from "./layers.js";

/** Each may import those before it. Lint holds the layers; the order among the rooms is held here. */
const ORDER = [
  ...["core", "platform", "engine", "reads", "http"],
  ...["people", "sites", "pathways", "patients", "tasks", "enrolments", "timers", "audit", "docs", "demo"],
  ...["stream", "operations"],
];
const SOURCE = join(PACKAGE_ROOT, "src");

const filesOf = (room: string): string[] =>
  readdirSync(join(SOURCE, room), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(SOURCE, room, name));

/** The rooms that a file imports from. Schemas are plain: what they take from each other makes no room need another. */
const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/from "((?:\.\.\/)+)([a-z]+)\/([^"]+)"/g)]
    .filter(([, up, , path]) => resolve(dirname(file), up!) === SOURCE && !path!.endsWith(".schemas.js"))
    .map(([, , room]) => room!);

it("has an order of its rooms, and no arrow against it", () => {
  const against = ORDER.flatMap((room, place) =>
    filesOf(room).flatMap((file) =>
      importsOf(file)
        .filter((other) => ORDER.indexOf(other) > place)
        .map((other) => `${relative(SOURCE, file)} -> ${other}`),
    ),
  );
  expect(against).toEqual([]);
});

it("knows every room that there is", () => {
  const folders = readdirSync(SOURCE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...ORDER, "cli"].sort());
  const layered = [...LIBRARIES, "platform", ...ROOMS];
  expect(ORDER.filter((room) => !layered.includes(room))).toEqual([]);
});
