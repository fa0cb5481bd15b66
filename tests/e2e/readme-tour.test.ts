/** The README cannot rot: its tour runs against a real server, and its map of the source is the source. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/until.js";

const README = readFileSync("README.md", "utf8");

interface Step {
  commands: string;
  /** What the README shows of the answer; null where it shows none. */
  answer: unknown;
}

describe("the tour in the README", () => {
  let database: TestDatabase;
  let server: ChildProcess;
  let port: string;
  const dataDir = mkdtempSync(join(tmpdir(), "pathkeeper-tour-"));

  beforeAll(async () => {
    database = await createTestDatabase();
    port = String(await freePort());
    const { REDIS_URL: _, ...rest } = process.env;
    const env = { ...rest, DATABASE_URL: database.url, DATA_DIR: dataDir, PORT: port, LOG_LEVEL: "silent" };
    server = spawn(process.execPath, ["bin/pathkeeper.js", "start"], { env, stdio: "ignore" });
    await until(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok, {
      timeoutMs: 45_000,
      what: "the server",
    });
  });

  afterAll(async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("is answered as it says", async () => {
    const steps = stepsOf(section("A tour of ten minutes"));
    expect(steps.length).toBeGreaterThan(10);
    const printed = await runInBash(
      steps.map(({ commands }) => commands),
      { PORT: port },
    );
    steps.forEach(({ commands, answer }, index) => {
      if (answer === null) return;
      const real: unknown = JSON.parse(printed[index]!);
      const missing = missingIn(real, answer, "");
      if (missing !== null) throw new Error(`${missing}\nAfter:\n${commands}\nthe answer was:\n${printed[index]}`);
    });
  });
});

describe("the source map in the README", () => {
  const listed = [...section("Source map").matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path!);

  it("lists what exists", () => {
    expect(listed.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("lists every folder of the source", () => {
    const folders = readdirSync("src", { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(folders.filter((folder) => !listed.includes(folder))).toEqual([]);
  });
});

function section(title: string): string {
  const text = README.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (text === undefined) throw new Error(`README.md has no section "${title}".`);
  return text;
}

/** A block of commands, and the answer where one follows before the next block. */
function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const [, language, body] of text.matchAll(/^```(sh|json)\n(.*?)^```$/gms)) {
    if (language === "sh") steps.push({ commands: body!, answer: null });
    else steps.at(-1)!.answer = JSON.parse(body!) as unknown;
  }
  return steps;
}

/** One shell for all, since a block uses what an earlier one set; what each printed. */
async function runInBash(blocks: string[], env: Record<string, string>): Promise<string[]> {
  const mark = "=== the next block ===";
  const script = ["set -euo pipefail", ...blocks.map((block) => `${block}\nprintf '\\n%s\\n' '${mark}'`)].join("\n");
  const bash = spawn("bash", ["-s"], { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  let complaints = "";
  bash.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  bash.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  bash.stdin.end(script);
  const [code] = (await once(bash, "close")) as [number];
  if (code !== 0) throw new Error(`The tour broke off: ${complaints}\n${printed}`);
  return printed.split(`\n${mark}\n`);
}

/** The first thing shown that is not in the real answer, in one sentence; null where all of it is. */
function missingIn(real: unknown, shown: unknown, path: string): string | null {
  if (shown === "…") return real === undefined || real === null ? `${path} is not in the answer.` : null;
  if (Array.isArray(shown)) return missingInList(real, shown, path);
  if (typeof shown !== "object" || shown === null) {
    return real === shown ? null : `${path} is ${JSON.stringify(real)}, not ${JSON.stringify(shown)}.`;
  }
  if (typeof real !== "object" || real === null) return `${path} is ${JSON.stringify(real)}.`;
  for (const [key, value] of Object.entries(shown)) {
    const missing = missingIn((real as Record<string, unknown>)[key], value, `${path}/${key}`);
    if (missing !== null) return missing;
  }
  return null;
}

/** The shown elements stand in the real list in their order, perhaps among others; an empty list is empty. */
function missingInList(real: unknown, shown: unknown[], path: string): string | null {
  if (!Array.isArray(real)) return `${path} is no list.`;
  if (shown.length === 0) return real.length === 0 ? null : `${path} is not empty.`;
  let from = 0;
  for (const element of shown) {
    const at = real.findIndex((candidate, index) => index >= from && missingIn(candidate, element, "") === null);
    if (at < 0) return `${path} has no element ${JSON.stringify(element)} after its first ${from}.`;
    from = at + 1;
  }
  return null;
}
