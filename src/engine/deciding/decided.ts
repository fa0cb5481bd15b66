import type { Instant, Role, Standing } from "../../core/index.js";
import type { Answer } from "../model/answer.js";
import type { Actor } from "../model/commands.js";
import type { WokenBy } from "../model/committed.js";
import type { PersonsWrite } from "../model/decision.js";
import type { Refusal } from "../model/refusals.js";
import { Ledger } from "./ledger.js";
import type { Chart } from "./chart.js";

/** What a command comes to, before its key is put to it. */
export interface Decided {
  answer: Answer;
  /** What is to be written; null: nothing. */
  made: {
    ledger: Ledger;
    standing: Standing;
    recordSeq: number | null;
    /** How far time has passed in `standing`; absent: until now. */
    projectedTo?: Instant;
  } | null;
  /** Where it concerns persons. */
  also?: PersonsWrite;
}

export function answerOnly(answer: Answer): Decided {
  return { answer, made: null };
}

/** Refused, with nothing to be written: see `refuse.ts` for what leaves a record. */
export function refused(refusal: Refusal): Decided {
  return answerOnly({ kind: "refused", refusal });
}

export function isRefused<T extends object>(value: T | { refusal: Refusal }): value is { refusal: Refusal } {
  return "refusal" in value;
}

export function openLedger(chart: Pick<Chart, "enrolment" | "pathway" | "now">, wokenBy: WokenBy = "event"): Ledger {
  const { row, seq, tasks, timers, firings } = chart.enrolment;
  return new Ledger({ row, isNew: false, seq, tasks, timers, firings }, chart.pathway, chart.now, wokenBy);
}

/** The first role by which somebody acts, for the record. */
export function roleOf(actor: Actor, wanted?: readonly Role[]): Role | null {
  return actor.roles.find((role) => wanted?.includes(role)) ?? actor.roles[0] ?? null;
}
