import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { examineTimers } from "../../src/cli/examine-timers.js";
import { readConfig, type Config } from "../../src/platform/config.js";
import { Installation } from "./support/installation.js";

let at: Installation;
let dataDir: string;
let config: Config;
let printed: string[];
/** On the other channel. */
let said: string[];

beforeEach(async () => {
  at = await Installation.open("postgres");
  dataDir = await mkdtemp(join(tmpdir(), "pathkeeper-doctor-"));
  const PATIENT_KEY = Buffer.alloc(32, 7).toString("base64");
  config = readConfig({ DATABASE_URL: at.database.url, DATA_DIR: dataDir, PATIENT_KEY });
  printed = [];
  said = [];
  jest.spyOn(console, "log").mockImplementation((line: unknown) => void printed.push(String(line)));
  jest.spyOn(console, "error").mockImplementation((line: unknown) => void said.push(String(line)));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await at?.close();
  await rm(dataDir, { recursive: true, force: true });
});

it("yes while all agree, no while differences are left, and yes again once they are mended", async () => {
  const enrolment = await at.enrol();
  await at.bells.settle();
  expect(await examineTimers(config, {})).toBe(true);
  expect(printed).toEqual(["1 enrolment, 1 pending timer and 1 job looked at: state, rows and queue agree."]);
  expect(said).toEqual([expect.stringMatching(/^\d+ patients? a second\.$/)]);

  await at.queue.obliterate({ force: true });
  await at.queue.resume();
  printed = [];
  expect(await examineTimers(config, { json: true })).toBe(false);
  const { differences, left, found, perSecond } = JSON.parse(printed.join("")) as Record<string, unknown>;
  expect({ differences, left }).toEqual({ differences: 1, left: 1 });
  expect(perSecond).toBeGreaterThan(0);
  expect(found).toEqual([
    { kind: "job missing", enrolment, sentence: expect.stringContaining("ticking/review"), repaired: false },
  ]);

  printed = [];
  expect(await examineTimers(config, { repair: true })).toBe(true);
  expect(printed[0]).toMatch(/ticking\/review.* has no job .* Mended\.$/);
  expect(await examineTimers(config, {})).toBe(true);
});
