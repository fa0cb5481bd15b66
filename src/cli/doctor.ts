import type { Command } from "commander";
import { readConfig } from "../platform/config.js";
import { StartError } from "../platform/start-error.js";

/** Exit 0: all agree (or were mended). 1: differences are left. 2: wrong use. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("compare what is armed by state and document with the timers' rows and with the jobs in the queue")
    .option("--repair", "write the rows and jobs that are missing or wrong, take away those that are too many")
    .option("--json", "print one JSON object")
    .action(async (flags: { repair?: boolean; json?: boolean }) => {
      try {
        const config = readConfig(process.env);
        // Loaded only now: the commands about documents start without Nest and the database.
        const { examineTimers } = await import("./examine-timers.js");
        process.exitCode = (await examineTimers(config, flags)) ? 0 : 1;
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        console.error(error.message);
        process.exitCode = 2;
      }
    });
}
