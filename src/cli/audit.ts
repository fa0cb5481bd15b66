import type { Command } from "commander";
import { readConfig } from "../platform/config.js";
import { isUuid } from "../platform/uuid.js";
import { answered, WrongUse } from "./answered.js";

/** The answer is no where a chain is broken, or there is no such enrolment. */
export function registerAudit(program: Command): void {
  program
    .command("audit")
    .description("prove the histories")
    .command("verify")
    .description("recompute the hash chain of every history and compare it with what is stored")
    .option("--enrolment <id>", "this enrolment only")
    .option("--json", "print one JSON object")
    .action((flags: { enrolment?: string; json?: boolean }, command: Command) =>
      answered(command, async () => {
        if (flags.enrolment !== undefined && !isUuid(flags.enrolment)) {
          throw new WrongUse("--enrolment takes the id of an enrolment, a UUID.");
        }
        // Loaded only now: the commands about documents start without Nest and the database.
        const { verifyHistories } = await import("./verify-histories.js");
        return verifyHistories(readConfig(process.env), flags);
      }),
    );
}
