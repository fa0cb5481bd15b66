/** Where the time of a figure went: its CPU profiles by room, and in each room by function. */
import { readFileSync } from "node:fs";
import { findSourceMap } from "node:module";
import type { Profiler } from "node:inspector";
import type { ProfileFile } from "./profiler.js";

const FUNCTIONS_OF_A_ROOM = 6;
/** Of the busy time, in per cent: less is not worth a line. */
const LEAST = 0.3;

type Frame = Profiler.ProfileNode["callFrame"];

/** Milliseconds by name. */
type Tally = Map<string, number>;

export function summary(files: readonly ProfileFile[]): string {
  const figures = [...new Set(files.map(({ figure }) => figure))];
  return figures
    .map((figure) =>
      summaryOf(
        figure,
        files.filter((file) => file.figure === figure).map(({ path }) => path),
      ),
    )
    .join("\n\n");
}

function summaryOf(figure: string, paths: readonly string[]): string {
  const rooms = new Map<string, Tally>();
  let idle = 0;
  for (const path of paths) {
    for (const [frame, ms] of selfTimes(JSON.parse(readFileSync(path, "utf8")) as Profiler.Profile)) {
      if (frame.functionName === "(idle)") idle += ms;
      else add(tallyOf(rooms, roomOf(frame)), functionOf(frame), ms);
    }
  }
  const busy = total([...rooms.values()].map((functions) => total(functions.values())));
  const share = (ms: number): string => `${((100 * ms) / busy).toFixed(1).padStart(6)} %`;
  const worth = (ms: number): boolean => (100 * ms) / busy >= LEAST;
  const lines = sorted(new Map([...rooms].map(([room, functions]) => [room, total(functions.values())])))
    .filter(([, ms]) => worth(ms))
    .flatMap(([room, ms]) => [
      `${share(ms)}  ${room}`,
      ...sorted(rooms.get(room)!)
        .filter(([, own]) => worth(own))
        .slice(0, FUNCTIONS_OF_A_ROOM)
        .map(([name, own]) => `          ${share(own)}  ${name}`),
    ]);
  return [`${figure}: ${busy.toFixed(0)} ms busy, ${idle.toFixed(0)} ms idle; self time by room`, ...lines].join("\n");
}

/** A sample stands for the time up to the next one. */
function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): [Frame, number][] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  return samples.map((id, index) => [frames.get(id)!, Math.max(0, timeDeltas[index + 1] ?? 0) / 1_000]);
}

/** `src/core`, `src/engine/deciding`, `node_modules/pg`, whether it runs from the sources or as it was built. */
function roomOf({ url, functionName }: Frame): string {
  if (functionName === "(garbage collector)") return "garbage collection";
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (dependency) return `node_modules/${dependency[1]}`;
  const own = /\/(?:src\/engine\/[^/]+(?=\/)|src\/[^/]+|tests\/[^/]+|migrations)(?=\/|\.[jt]s)/.exec(url);
  return own ? own[0].slice(1) : "node internals";
}

function functionOf({ functionName, url, lineNumber, columnNumber }: Frame): string {
  const name = functionName || "anonymous";
  if (url === "") return name;
  const source = findSourceMap(url)?.findEntry(lineNumber, columnNumber);
  const line = source && "originalLine" in source ? source.originalLine : lineNumber;
  return `${name} (${url.split("/").slice(-2).join("/")}:${line + 1})`;
}

function tallyOf(rooms: Map<string, Tally>, room: string): Tally {
  const known = rooms.get(room) ?? new Map<string, number>();
  rooms.set(room, known);
  return known;
}

function add(tally: Tally, name: string, ms: number): void {
  tally.set(name, (tally.get(name) ?? 0) + ms);
}

function sorted(tally: Tally): [string, number][] {
  return [...tally].sort(([, one], [, other]) => other - one);
}

function total(parts: Iterable<number>): number {
  let sum = 0;
  for (const part of parts) sum += part;
  return sum;
}
