import type { Command } from "commander";
import { ExpressionError, LineFault } from "../core/index.js";
import { Misconfigured, StartError } from "../platform/start-error.js";

/** Wrong use of a command: its help tells how it is used. */
export class WrongUse extends Error {}

/** A file that cannot be used as it is; the message says all, but for what other files gave (`--json`). */
export class WrongFile extends Error {
  constructor(
    message: string,
    readonly beside: object = {},
  ) {
    super(message);
  }
}

/** The first that fits counts. Anything else is a fault of the program and keeps its stack trace. */
const EXIT_CODES = [
  [WrongUse, 2],
  [WrongFile, 2],
  [LineFault, 2],
  [Misconfigured, 2],
  [StartError, 1],
  [ExpressionError, 1],
] as const;

/** Runs a command that tells whether the answer is yes, and exits as the head of `cli.ts` says. */
export async function answered(command: Command, run: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await run()) ? 0 : 1;
  } catch (error) {
    const code = EXIT_CODES.find(([kind]) => error instanceof kind)?.[1];
    if (code === undefined) throw error;
    const { message } = error as Error;
    const told = error instanceof WrongUse || error instanceof LineFault ? `${message} ${seeHelp(command)}` : message;
    if (command.opts<{ json?: boolean }>().json) printError(told, error instanceof WrongFile ? error.beside : {});
    else console.error(told);
    process.exitCode = code;
  }
}

/** What commander itself refuses is told in the same manner, for each command by its name. */
export function tellWrongUse(command: Command): void {
  command.configureOutput({
    outputError: (text, write) => {
      const told = `${text.trim().replaceAll(/\s+/g, " ").replace(/\.$/, "")}. ${seeHelp(command)}`;
      // Not parsed yet, or not known to this command.
      if (process.argv.includes("--json")) printError(told.replace(/^error: /, ""));
      else write(`${told}\n`);
    },
  });
  for (const inner of command.commands) tellWrongUse(inner);
}

function printError(error: string, beside: object = {}): void {
  console.log(JSON.stringify({ error, ...beside }));
}

function seeHelp(command: Command): string {
  const names: string[] = [];
  for (let named: Command | null = command; named; named = named.parent) names.unshift(named.name());
  return `See \`${names.join(" ")} --help\`.`;
}
