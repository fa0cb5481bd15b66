import type { JsonObject } from "../../core/index.js";
import type { TimerRow } from "../model/rows.js";
import type { RowMend } from "../model/differences.js";
import { examineRows } from "../views/differences.js";
import { answerOnly, openLedger, type Decided } from "./decided.js";
import type { Ledger } from "./ledger.js";
import type { Chart } from "./chart.js";

/**
 * Brings the rows of an enrolment's timers in line with its state, as far as it was projected: nothing fires here. One
 * record tells what was found and what holds now, so that no row ever changes without one.
 */
export function decideRepair(chart: Chart): Decided {
  const { enrolment } = chart;
  const differences = examineRows(enrolment, chart);
  const mends = differences.flatMap(({ mend }) => mend ?? []);
  if (mends.length === 0) return answerOnly({ kind: "repaired", differences });
  const ledger = openLedger(chart);
  const timers = mends.map((mend) => {
    const now = mended(ledger, mend);
    ledger.putTimer(now);
    return { state: now.state, name: now.name, found: mend.found && told(mend.found), now: told(now) };
  });
  const { seq } = ledger.append({ kind: "timer", type: "timer.repaired", occurredAt: ledger.now, detail: { timers } });
  const { projectedTo } = enrolment.row;
  const made = { ledger, standing: chart.standing, recordSeq: seq, projectedTo };
  return { answer: { kind: "repaired", differences }, made };
}

function mended(ledger: Ledger, mend: RowMend): TimerRow {
  if (mend.kind === "cancel") return { ...mend.found, status: "cancelled" };
  const { timer, found } = mend;
  return {
    ...timer,
    id: found?.id ?? ledger.newTimerId(timer),
    // A row that was lost had risen once with a record at most: no old bell matches.
    generation: found ? found.generation + 1 : ledger.nextSeq,
    armedAt: ledger.now,
  };
}

function told({ startedAt, dueAt, status, generation }: TimerRow): JsonObject {
  return { startedAt, dueAt, status, generation };
}
