/** The commands. Exit code 0: done; 1: the answer is no; 2: wrong use. `--json` prints one JSON object instead of text. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { registerAudit } from "./cli/audit.js";
import { registerDoctor } from "./cli/doctor.js";
import { registerPathways } from "./cli/pathways.js";
import { registerReset } from "./cli/reset.js";
import { registerStart } from "./cli/start.js";
import { PACKAGE_ROOT } from "./platform/package-root.js";
import { StartError } from "./platform/start-error.js";

const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as { version: string };

const program = new Command("pathkeeper")
  .description("Clinical care pathways that last months or years.")
  .version(version)
  // Before any command is added: they inherit it.
  .exitOverride((end) => process.exit(end.exitCode === 0 ? 0 : 2));

registerStart(program);
registerReset(program);
registerPathways(program);
registerDoctor(program);
registerAudit(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
