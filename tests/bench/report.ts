import type { Figure } from "./figure.js";
import type { Machine } from "./machine.js";

const HEADS = ["figure", "value", "unit", "p50", "p95", "p99", "max", "floor", "ratio", "measured on"];

/** For people: one line a figure, then what the columns mean. */
export function table(machine: Machine, figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, p50, p95, p99, max, floor, ratio, note }) => [
    ...[name, short(value), unit, short(p50), short(p95), short(p99), short(max)],
    ...[short(floor), ratio === undefined ? "" : ratio.toFixed(2), note ?? ""],
  ]);
  const widths = HEADS.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd();
  const { cores, cpu, node, postgres, redis, durability } = machine;
  const { fsync, synchronousCommit, fullPageWrites } = durability;
  return [
    `${cores} cores (${cpu}), Node ${node}, PostgreSQL ${postgres}, ${redis === null ? "no Redis" : `Redis ${redis}`}`,
    `fsync ${fsync}, synchronous_commit ${synchronousCommit}, full_page_writes ${fullPageWrites}`,
    "",
    ...[HEADS, ...rows].map(line),
    "",
    "p50 to max: milliseconds of a single call, or of a single timer's lateness. A duration's value is its median.",
    "floor: the same in the same run with nothing around it, in the same unit; where rows are written, plain SQL on",
    "plain pg, prepared, one transaction for each call, one connection for each caller. Of project.200: bare XState",
    "making the same steps, guards answered. ratio: value by floor.",
  ].join("\n");
}

/** For programs: one object. */
export function json(machine: Machine, figures: readonly Figure[]): string {
  return JSON.stringify({ machine, figures: figures.map(rounded) });
}

function isText(column: number): boolean {
  return ["figure", "unit", "measured on"].includes(HEADS[column]!);
}

function short(value: number | undefined): string {
  if (value === undefined) return "";
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

function rounded(figure: Figure): Figure {
  const entries = Object.entries(figure).map(([key, value]) => [
    key,
    typeof value === "number" ? digits(value) : value,
  ]);
  return Object.fromEntries(entries) as unknown as Figure;
}

function digits(value: number): number {
  return Number(value.toPrecision(6));
}
