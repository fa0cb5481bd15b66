/**
 * The one order of an enrolment's rows, whoever read or wrote them and whatever a database sorts by: what is told of them
 * is the same from every process.
 */
import type { TaskRow, TimerRow } from "./rows.js";

export function tasksInOrder(rows: readonly TaskRow[]): readonly TaskRow[] {
  return [...rows].sort(
    (a, b) => a.openedAt - b.openedAt || compare(a.key, b.key) || a.nth - b.nth || compare(a.id, b.id),
  );
}

export function timersInOrder(rows: readonly TimerRow[]): readonly TimerRow[] {
  return [...rows].sort((a, b) => compare(a.state, b.state) || compare(a.name, b.name));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
