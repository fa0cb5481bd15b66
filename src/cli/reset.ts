import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { readConfig } from "../platform/config.js";
import { StartError } from "../platform/start-error.js";
import { removeInstallation, traces } from "../platform/reset.js";

interface Options {
  yes?: boolean;
  json?: boolean;
}

export function registerReset(program: Command): void {
  program
    .command("reset")
    .description("remove the installation in DATA_DIR with all its data; a database of DATABASE_URL is not touched")
    .option("--yes", "do not ask")
    .option("--json", "print one JSON object")
    .action(async ({ yes, json }: Options) => {
      const { dataDir, databaseUrl } = readConfig(process.env);
      if (databaseUrl !== null) {
        throw new StartError(
          "reset removes the installation in DATA_DIR, and the key of the database in DATABASE_URL may lie there: unset DATABASE_URL if that is meant.",
        );
      }
      const found = traces(dataDir);
      if (found.length > 0 && !yes && !(await agreed(found))) {
        process.exitCode = process.stdin.isTTY ? 1 : 2;
        return;
      }
      await removeInstallation(dataDir);
      if (json) console.log(JSON.stringify({ removed: found }));
      else console.log(found.length > 0 ? `Removed: ${found.join(", ")}.` : `There is no installation in ${dataDir}.`);
    });
}

async function agreed(found: string[]): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error("Nobody is there to be asked: say pathkeeper reset --yes.");
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`This removes ${found.join(", ")} and every patient's data in it. Type yes: `);
  terminal.close();
  return answer.trim() === "yes";
}
