import { isDeepStrictEqual } from "node:util";
import {
  canonicalJson,
  effectiveEvents,
  fold,
  formatInstant,
  type Calendar,
  type FoldRecord,
  type Instant,
  type Pathway,
  type Stored,
} from "../../core/index.js";
import type { ArmedTimer, RowDifference, RowMend } from "../model/differences.js";
import { foldRecordsOf, type LoadedEnrolment } from "../model/loaded.js";
import type { TimerRow } from "../model/rows.js";

/** One enrolment as it was recorded, as its history folds, and the rows that were found for it. */
export interface Examined {
  enrolmentId: string;
  stored: Stored;
  folded: Stored;
  armed: readonly ArmedTimer[];
  rows: readonly TimerRow[];
}

/** What distinguishes an enrolment's state from its history, and its timers' rows from both. */
export function examineRows(
  enrolment: LoadedEnrolment,
  rules: { pathway: Pathway; calendar: Calendar },
): RowDifference[] {
  const { row, timers } = enrolment;
  try {
    const again = foldAgain(foldRecordsOf(enrolment), row.projectedTo, rules);
    return rowDifferences({ enrolmentId: row.id, stored: row.stored, rows: timers, ...again });
  } catch (error) {
    return [unreadable(row.id, error)];
  }
}

/** Where nobody can tell what ought to be. */
export function unreadable(enrolmentId: string, error: unknown): RowDifference {
  const sentence = `Enrolment ${enrolmentId}: its history cannot be folded: ${(error as Error).message}`;
  return { kind: "state", enrolmentId, sentence, mend: null };
}

/** Folds the history as far as the row was projected; what is armed there ought to have rows. */
function foldAgain(
  records: readonly FoldRecord[],
  until: Instant,
  { pathway, calendar }: { pathway: Pathway; calendar: Calendar },
): Pick<Examined, "folded" | "armed"> {
  const { run, setAside } = fold(pathway, calendar, effectiveEvents(records, calendar), until);
  const folded = run.store(setAside.map(({ event }) => event.seq));
  if (!folded) throw new Error("it does not begin with an enrolment.");
  const armed = folded.timers.map((timer): ArmedTimer => ({
    ...timer,
    status: run.isHeld(timer) ? "held" : "pending",
  }));
  return { folded, armed };
}

/** While state and history disagree nobody knows what ought to be armed: all is told, nothing is mended. */
export function rowDifferences({ enrolmentId, stored, folded, armed, rows }: Examined): RowDifference[] {
  const differences: RowDifference[] = [];
  // Mostly the first tells, which is the faster one.
  const agree = isDeepStrictEqual(stored, folded) || canonicalJson(stored) === canonicalJson(folded);
  const add = (kind: RowDifference["kind"], sentence: string, mend: RowMend | null): void => {
    const mendable = agree ? mend : null;
    differences.push({ kind, enrolmentId, sentence: `Enrolment ${enrolmentId}: ${sentence}`, mend: mendable });
  };
  if (!agree) add("state", "the stored state is not what its history folds to.", null);
  const rowOf = new Map(rows.map((row) => [keyOf(row), row]));
  for (const timer of armed) {
    const found = rowOf.get(keyOf(timer)) ?? null;
    const mend: RowMend = { kind: "arm", timer, found };
    const fault = faultOf(timer, found);
    if (!fault) continue;
    const what = `timer ${timer.state}/${timer.name}, due ${formatInstant(timer.dueAt)}`;
    add(found ? "row wrong" : "row missing", `${what}, has ${fault}.`, mend);
  }
  const isArmed = new Set(armed.map(keyOf));
  for (const found of rows) {
    if (isArmed.has(keyOf(found)) || found.status === "fired" || found.status === "cancelled") continue;
    const sentence = `timer ${found.state}/${found.name} has a row that is ${found.status}, and is not armed.`;
    add("row surplus", sentence, { kind: "cancel", found });
  }
  return differences;
}

/** What is wrong with the row of an armed timer, if anything is. */
function faultOf(timer: ArmedTimer, found: TimerRow | null): string | null {
  if (!found) return "no row";
  const { status, dueAt, startedAt } = found;
  if (status === "fired" || status === "cancelled") return `a row that is ${status}`;
  if (dueAt !== timer.dueAt) return `a row due ${formatInstant(dueAt)}`;
  if (status !== timer.status) return `a row that is ${status} and not ${timer.status}`;
  if (startedAt !== timer.startedAt) return `a row started ${formatInstant(startedAt)}`;
  return null;
}

const keyOf = ({ state, name }: { state: string; name: string }): string => `${state}/${name}`;
