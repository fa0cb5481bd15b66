/** What is said of a person, in the histories of all enrolments: nothing else moves by it. */
import { warningsOf } from "../../core/index.js";
import type { PersonsWrite } from "../model/decision.js";
import type { LoadedEnrolment } from "../model/loaded.js";
import type { Draft } from "../model/records.js";
import { newestPin } from "../model/rules.js";
import { openChart } from "./chart.js";
import { openLedger } from "./decided.js";
import type { Situation } from "./situation.js";

export type Told = ReturnType<typeof tell>;

/** One more record at an instant; `row`: as the enrolment is from then on. */
export function tell(
  enrolment: LoadedEnrolment,
  { rulesOf, now }: Pick<Situation, "rulesOf" | "now">,
  draft: Draft,
  row = enrolment.row,
) {
  const chart = openChart(enrolment, { ...rulesOf(newestPin(enrolment)), now });
  const ledger = openLedger({ ...chart, enrolment: { ...enrolment, row } });
  const { seq } = ledger.append(draft);
  const { standing } = chart;
  const warnings = row.warnings ?? warningsOf(chart.pathway, chart.calendar, standing);
  return { enrolment, ledger, standing, warnings, recordSeq: seq, projectedTo: row.projectedTo };
}

/** Written beside the enrolment that the command is told by. */
export function asOther({ enrolment, ledger, standing, warnings, projectedTo }: Told): PersonsWrite["others"][number] {
  const write = { ...ledger.write(standing, warnings, projectedTo), idempotency: null, position: null };
  return { enrolment, write, committed: ledger.committed() };
}

/**
 * What is known of the person has changed: each history tells it, so that no enrolment's `seq` stands for what it said
 * before. Not where a record's key is destroyed: nothing can be sealed there any more.
 */
export function tellOthers(
  enrolments: readonly LoadedEnrolment[],
  situation: Pick<Situation, "rulesOf" | "now">,
  draft: Draft,
): PersonsWrite["others"] {
  return enrolments
    .filter(({ patient }) => patient.wrappedKey !== null)
    .map((enrolment) => {
      const now = Math.max(situation.now, enrolment.lastRecordedAt);
      return asOther(tell(enrolment, { ...situation, now }, draft));
    });
}
