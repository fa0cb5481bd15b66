import { formatInstant } from "../../core/index.js";
import type { Wake } from "../model/commands.js";
import type { LoadedEnrolment } from "../model/loaded.js";
import type { TimerRow } from "../model/rows.js";
import { answerOnly, openLedger, type Decided } from "./decided.js";
import { passTime } from "./place.js";
import type { Chart } from "./chart.js";

/** A bell says no more than "look at this enrolment"; a late or doubled one finds another generation and does nothing. */
export function decideWake({ by, timer }: Wake, chart: Chart): Decided {
  const row = timer && pendingRow(chart.enrolment, timer);
  if (timer && !row) return answerOnly({ kind: "woken", fired: 0 });
  const ledger = openLedger(chart, by);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const fired = ledger.records.filter(({ type }) => type === "timer.fired").length;
  if (fired === 0 && row && row.dueAt <= chart.now) throw new Error(notAsItsState(row));
  const isEarly = row && ledger.timer(row) === row && row.dueAt > chart.now;
  const answer = { kind: "woken", fired, ...(isEarly && { dueAt: row.dueAt }) } as const;
  return { answer, made: fired === 0 ? null : { ledger, standing, recordSeq: null } };
}

function pendingRow({ timers }: LoadedEnrolment, { id, generation }: NonNullable<Wake["timer"]>): TimerRow | undefined {
  return timers.find((row) => row.id === id && row.generation === generation && row.status === "pending");
}

function notAsItsState({ state, name, dueAt }: TimerRow): string {
  return `Timer ${state}/${name}, due ${formatInstant(dueAt)}, is not as its state says: see \`pathkeeper doctor\`.`;
}
