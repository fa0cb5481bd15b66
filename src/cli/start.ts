import type { Command } from "commander";
import { answered } from "./answered.js";

export function registerStart(program: Command): void {
  program
    .command("start")
    .description("serve the API and wake the timers, as the environment says (npm start builds first)")
    .option("--demo", "enrol synthetic patients first, spread over every state of the pathway")
    .option("--json", "print one JSON object once it is ready")
    .action(async ({ demo, json }: { demo?: boolean; json?: boolean }, command: Command) => {
      await answered(command, async () => {
        // Loaded only now: the commands about documents start without Nest and the database.
        const { run } = await import("../main.js");
        return run(process.env, { demo, json });
      });
      // Whatever a start that was refused, or an end that took too long, has left open.
      process.exit();
    });
}
