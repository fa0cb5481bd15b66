/**
 * The commands. Exit code 0: done.
 * 1: the answer is no - faults found, a story that does not hold, a start refused by what is there (a port in use, another
 * process on this DATA_DIR, a database that is newer, not to be reached or sealed with another key).
 * 2: wrong use - a command, flag or environment variable that cannot be right, or a file that cannot be read.
 * `--json` prints one JSON object on the standard output instead of text; where nothing else can be said, `{"error"}`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Command } from "commander";
import { tellWrongUse } from "./cli/answered.js";
import { PACKAGE_ROOT } from "./platform/package-root.js";

const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as { version: string };

const program = new Command("pathkeeper")
  .description("Clinical care pathways that last months or years.")
  .version(version)
  // Before any command is added: they inherit it.
  .exitOverride((end) => process.exit(end.exitCode === 0 ? 0 : 2));

/** In the order of the help. Only the one that is called is loaded; where none is, all are. */
const COMMANDS: Record<string, () => Promise<(program: Command) => void>> = {
  start: async () => (await import("./cli/start.js")).registerStart,
  reset: async () => (await import("./cli/reset.js")).registerReset,
  pathways: async () => {
    // Soon over: a third of the processor's time would go into optimising code that hardly runs again.
    setFlagsFromString("--interrupt-budget=1000000");
    return (await import("./cli/pathways.js")).registerPathways;
  },
  doctor: async () => (await import("./cli/doctor.js")).registerDoctor,
  audit: async () => (await import("./cli/audit.js")).registerAudit,
};
const [called = ""] = process.argv.slice(2);
const loads = Object.hasOwn(COMMANDS, called) ? [COMMANDS[called]!] : Object.values(COMMANDS);
for (const load of loads) (await load())(program);
tellWrongUse(program);

await program.parseAsync();
