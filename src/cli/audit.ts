import type { Command } from "commander";
import { readConfig } from "../platform/config.js";
import { StartError } from "../platform/start-error.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Exit 0: every chain holds. 1: one is broken, or there is no such enrolment. 2: wrong use. */
export function registerAudit(program: Command): void {
  program
    .command("audit")
    .description("prove the histories")
    .command("verify")
    .description("recompute the hash chain of every history and compare it with what is stored")
    .option("--enrolment <id>", "this enrolment only")
    .option("--json", "print one JSON object")
    .action(async (flags: { enrolment?: string; json?: boolean }) => {
      try {
        if (flags.enrolment !== undefined && !UUID.test(flags.enrolment)) {
          throw new StartError("--enrolment takes the id of an enrolment, a UUID.");
        }
        // Loaded only now: the commands about documents start without Nest and the database.
        const { verifyHistories } = await import("./verify-histories.js");
        process.exitCode = (await verifyHistories(readConfig(process.env), flags)) ? 0 : 1;
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
        console.error(error.message);
        process.exitCode = 2;
      }
    });
}
