/** `npm run layers`: writes the overrides of `.oxlintrc.json` from the table in `layers.ts`. */
import { readFile, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";
import { overrides } from "./layers.js";

const FILE = ".oxlintrc.json";

const settings = { ...JSON.parse(await readFile(FILE, "utf8")), overrides: overrides() };
await writeFile(FILE, await format(JSON.stringify(settings), { ...(await resolveConfig(FILE)), filepath: FILE }));
