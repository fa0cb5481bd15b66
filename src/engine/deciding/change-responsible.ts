import type { ChangeResponsible } from "../model/commands.js";
import { snapshotAfter } from "./answers.js";
import { openLedger, roleOf, type Decided } from "./decided.js";
import type { Ledger } from "./ledger.js";
import { passTime } from "./place.js";
import type { Chart } from "./chart.js";

/** The same person again, and somebody else's by now, leave no record. */
export function decideChangeResponsible(command: ChangeResponsible, chart: Chart): Decided {
  const { responsible: before } = chart.enrolment.row;
  const ledger = openLedger(chart);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const isStill = command.from === undefined || command.from === before;
  const recordSeq = isStill && command.person !== before ? change(ledger, command, before) : null;
  return {
    answer: { kind: "responsible", isChanged: recordSeq !== null, snapshot: snapshotAfter(chart, ledger, standing) },
    made: ledger.records.length > 0 ? { ledger, standing, recordSeq } : null,
  };
}

function change(ledger: Ledger, { actor, person, reason }: ChangeResponsible, before: string | null): number {
  ledger.responsible = person;
  return ledger.append({
    ...{ kind: "enrolment", type: "enrolment.reassigned", by: actor.person, role: roleOf(actor) },
    detail: { responsible: person, before },
    personal: reason === undefined ? null : { "/reason": reason },
  }).seq;
}
