/**
 * `npm run bench`: measures what can be measured, says on what, and leaves nothing behind. It runs as `tsc` builds it, in
 * `dist/bench`, as the product does.
 */
import { Command } from "commander";
import { CATALOGUE, Run, type Measurable } from "./catalogue.js";
import type { Figure } from "./figure.js";
import { describeMachine } from "./machine.js";
import { summary } from "./profile-summary.js";
import { Profiler } from "./profiler.js";
import { json, table } from "./report.js";
import { startServers } from "./servers.js";

interface Flags {
  only?: string[];
  quick?: boolean;
  json?: boolean;
  profile?: string;
}

const list = CATALOGUE.map(({ name, about }) => `  ${name.padEnd(24)} ${about}`).join("\n");

const program = new Command("bench")
  .description("Measures Pathkeeper on this machine, on a fresh database that is dropped at the end.")
  .option("--only <name>", "measure this figure (repeatable, or a list with commas)", collect)
  .option("--quick", "fewer patients: half the time")
  .option("--json", "print one JSON object instead of a table")
  .option("--profile <dir>", "write CPU profiles of what is measured there, and tell where the time went")
  .addHelpText(
    "after",
    `\nFigures:\n${list}\n\nDATABASE_URL and REDIS_URL name servers to measure instead of servers of the run's own.`,
  )
  .exitOverride((end) => process.exit(end.exitCode === 0 ? 0 : 2))
  .parse();

const flags = program.opts<Flags>();
const only = flags.only ?? [];
const unknown = only.filter((name) => !CATALOGUE.some((known) => known.name === name));
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(", ")}. There are:\n${list}`);
  process.exit(2);
}
await measure(CATALOGUE.filter(({ name }) => only.length === 0 || only.includes(name)));

async function measure(chosen: readonly Measurable[]): Promise<void> {
  const servers = await startServers();
  const names = chosen.map(({ name }) => name);
  const profiler = new Profiler(flags.profile ?? null, names);
  const run = new Run(servers, profiler, flags.quick === true);
  const stop = async (): Promise<void> => {
    await run.close();
    await servers.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  }
  try {
    const machine = await describeMachine(servers);
    const figures: Figure[] = [];
    for (const { name, measure } of chosen) {
      process.stderr.write(`${name} …\n`);
      figures.push(await profiler.figure(name, () => measure(run)));
    }
    if (profiler.files.length > 0) process.stderr.write(`\n${summary(profiler.files)}\n\n`);
    console.log(flags.json ? json(machine, figures) : table(machine, figures));
  } finally {
    await stop();
  }
}

function collect(names: string, before: string[] = []): string[] {
  return [...before, ...names.split(",").filter((name) => name !== "")];
}
