import type { Wake } from "../model/commands.js";
import { answerOnly, openLedger, type Decided } from "./decided.js";
import { passTime } from "./place.js";
import type { Chart } from "./situation.js";

/** A bell says no more than "look at this enrolment"; a late or doubled one finds another generation and does nothing. */
export function decideWake({ by, timer }: Wake, chart: Chart): Decided {
  if (timer) {
    const row = chart.enrolment.timers.find(({ id }) => id === timer.id);
    if (row?.status !== "pending" || row.generation !== timer.generation)
      return answerOnly({ kind: "woken", fired: 0 });
  }
  const ledger = openLedger(chart, by);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const fired = ledger.records.filter(({ kind }) => kind === "timer").length;
  const answer = { kind: "woken", fired } as const;
  return { answer, made: fired === 0 ? null : { ledger, standing, recordSeq: null } };
}
