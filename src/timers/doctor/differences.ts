import { canonicalJson, formatInstant, type Instant, type Stored } from "../../core/index.js";
import type { TimerRow } from "../../engine/index.js";

/** A timer that state and document say is armed. */
export interface ArmedTimer {
  state: string;
  name: string;
  startedAt: Instant;
  dueAt: Instant;
  status: "pending" | "held";
}

/** One enrolment as it was recorded, as its history folds, and the rows that were found for it. */
export interface Examined {
  enrolmentId: string;
  pathwayId: string;
  stored: Stored;
  folded: Stored;
  armed: ArmedTimer[];
  rows: TimerRow[];
}

export type RowMend =
  | { kind: "arm"; enrolmentId: string; pathwayId: string; timer: ArmedTimer; found: TimerRow | null }
  | { kind: "cancel"; enrolmentId: string; pathwayId: string; found: TimerRow };

/** Something that is not as state and document say, in one sentence. */
export interface Difference {
  kind: "state" | "row missing" | "row wrong" | "row surplus" | "job missing" | "job late" | "job surplus";
  enrolmentId: string;
  sentence: string;
}

export interface RowDifference extends Difference {
  /** Null: only a person can tell which of the two is right. */
  mend: RowMend | null;
}

/** What distinguishes one enrolment's rows from its armed set. Pure. */
export function rowDifferences({ enrolmentId, pathwayId, stored, folded, armed, rows }: Examined): RowDifference[] {
  const differences: RowDifference[] = [];
  const add = (kind: Difference["kind"], sentence: string, mend: RowMend | null): void => {
    differences.push({ kind, enrolmentId, sentence: `Enrolment ${enrolmentId}: ${sentence}`, mend });
  };
  if (canonicalJson(stored) !== canonicalJson(folded)) {
    add("state", "the stored state is not what its history folds to.", null);
  }
  const rowOf = new Map(rows.map((row) => [keyOf(row), row]));
  for (const timer of armed) {
    const found = rowOf.get(keyOf(timer)) ?? null;
    const mend: RowMend = { kind: "arm", enrolmentId, pathwayId, timer, found };
    const what = `timer ${timer.state}/${timer.name}, due ${formatInstant(timer.dueAt)}`;
    if (!found) add("row missing", `${what}, has no row.`, mend);
    else if (found.status === "fired" || found.status === "cancelled")
      add("row wrong", `${what}, has a row that is ${found.status}.`, mend);
    else if (found.dueAt !== timer.dueAt)
      add("row wrong", `${what}, has a row due ${formatInstant(found.dueAt)}.`, mend);
    else if (found.status !== timer.status)
      add("row wrong", `${what}, has a row that is ${found.status} and not ${timer.status}.`, mend);
    else if (found.startedAt !== timer.startedAt)
      add("row wrong", `${what}, has a row started ${formatInstant(found.startedAt)}.`, mend);
  }
  const isArmed = new Set(armed.map(keyOf));
  for (const row of rows) {
    if (isArmed.has(keyOf(row)) || row.status === "fired" || row.status === "cancelled") continue;
    add("row surplus", `timer ${row.state}/${row.name} has a row that is ${row.status}, and is not armed.`, {
      kind: "cancel",
      enrolmentId,
      pathwayId,
      found: row,
    });
  }
  return differences;
}

const keyOf = ({ state, name }: { state: string; name: string }): string => `${state}/${name}`;
