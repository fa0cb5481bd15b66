import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { readConfig } from "../platform/config.js";
import { removeInstallation, traces } from "../platform/reset.js";
import { Misconfigured } from "../platform/start-error.js";
import { answered, WrongUse } from "./answered.js";

interface Flags {
  yes?: boolean;
  json?: boolean;
}

/** The answer is no where somebody was asked and did not agree. */
export function registerReset(program: Command): void {
  program
    .command("reset")
    .description("remove the installation in DATA_DIR with all its data; a database of DATABASE_URL is not touched")
    .option("--yes", "do not ask")
    .option("--json", "print one JSON object")
    .action((flags: Flags, command: Command) => answered(command, () => reset(flags)));
}

async function reset({ yes, json }: Flags): Promise<boolean> {
  const { dataDir, databaseUrl } = readConfig(process.env);
  if (databaseUrl !== null) {
    throw new Misconfigured(
      "reset removes the installation in DATA_DIR, and the key of the database in DATABASE_URL may lie there: unset DATABASE_URL if that is meant.",
    );
  }
  const found = traces(dataDir);
  const isMeant = found.length === 0 || yes || (await agreed(found));
  const kept = isMeant ? await removeInstallation(dataDir) : [];
  const removed = isMeant ? found : [];
  if (json) console.log(JSON.stringify({ removed, kept }));
  else if (kept.length > 0)
    console.log(`Removed the installation in ${removed.join(", ")}; what is not of it is kept: ${kept.join(", ")}.`);
  else if (removed.length > 0) console.log(`Removed: ${removed.join(", ")}.`);
  else console.log(isMeant ? `There is no installation in ${dataDir}.` : "Nothing is removed.");
  return isMeant;
}

async function agreed(found: string[]): Promise<boolean> {
  if (!process.stdin.isTTY) throw new WrongUse("Nobody is there to be asked: say pathkeeper reset --yes.");
  // The answer alone belongs on the standard output.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`This removes ${found.join(", ")} and every patient's data in it. Type yes: `);
  terminal.close();
  return answer.trim() === "yes";
}
