import type { Command } from "commander";

export function registerStart(program: Command): void {
  program
    .command("start")
    .description("serve the API and wake the timers, as the environment says (npm start builds first)")
    .action(async () => {
      // Loaded only now: the commands about documents start without Nest and the database.
      const { run } = await import("../main.js");
      await run(process.env);
    });
}
