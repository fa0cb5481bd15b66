import type { Command } from "commander";
import { readConfig } from "../platform/config.js";
import { answered } from "./answered.js";

/** The answer is yes where all agree or were mended. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("compare what is armed by state and document with the timers' rows and with the jobs in the queue")
    .option("--repair", "write the rows and jobs that are missing or wrong, take away those that are too many")
    .option("--json", "print one JSON object")
    .action((flags: { repair?: boolean; json?: boolean }, command: Command) =>
      answered(command, async () => {
        const config = readConfig(process.env);
        // Loaded only now: the commands about documents start without Nest and the database.
        const { examineTimers } = await import("./examine-timers.js");
        return examineTimers(config, flags);
      }),
    );
}
