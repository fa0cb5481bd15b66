// Carries out commands at once, as built, and is killed by itself (SIGKILL) when it comes to a point for the n-th time.
import { readFileSync } from "node:fs";
import { assembleEngine } from "../../dist/src/engine/assemble.js";
import { armCrashPoint } from "../../dist/src/engine/crash-points.js";
import { compile, parseDocument } from "../../dist/src/core/index.js";
import { ENTITIES } from "../../dist/src/entities.js";
import { PatientVault } from "../../dist/src/engine/storage/patient-vault.js";
import { createDataSource } from "../../dist/src/platform/database.js";
import { Sealing } from "../../dist/src/platform/sealing.js";
import { Reads } from "../../dist/src/reads/index.js";
import { Sites } from "../../dist/src/sites/index.js";

const { url, key, document, now, commands, point, times } = JSON.parse(process.argv[2]);
const dataSource = await createDataSource(url, { role: "app", entities: ENTITIES }).initialize();
const pathway = compile(parseDocument(readFileSync(document, "utf8")).document);
const { engine } = assembleEngine({
  dataSource,
  vault: new PatientVault(new Sealing(Buffer.from(key, "base64"))),
  pathways: { newest: async () => ({ version: pathway.version }), pathway: async () => pathway },
  calendars: new Sites(new Reads(dataSource)),
  clock: { now: () => now },
  historyCacheBytes: 2 ** 20,
});
let left = times;
armCrashPoint(point, () => {
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
});
await Promise.allSettled(commands.map((command) => engine.execute(command)));
await dataSource.destroy();
