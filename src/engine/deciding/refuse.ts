/**
 * What is refused leaves a refusal record and nothing else: no timer fires with it, no state moves. Refused are events
 * and corrections of an unknown type, with data or a time that does not fit, from somebody without the role, with no
 * transition at their place, before the enrolment and after the exit; so somebody tried, and the history tells it.
 * No record is left by what asks for another try (confirmation, consequences, a stale `ifSeq`), by what is on record
 * already (a source seen before), by what only another enrolment stands in the way of, by what names nothing that exists,
 * by operations on tasks and on the patient's data, nor by an enrolment that does not come into being: there is no
 * history for it. Their keys are remembered with the refusal all the same.
 */
import type { Json } from "../../core/index.js";
import type { Actor } from "../model/commands.js";
import type { Refusal, RefusalName } from "../model/refusals.js";
import { clearRefusal } from "./clear-refusal.js";
import { openLedger, refused, roleOf, type Decided } from "./decided.js";
import type { Chart } from "./chart.js";

const LEAVES_A_RECORD: ReadonlySet<RefusalName> = new Set<RefusalName>([
  "before-enrolment",
  "event-refused",
  "exited",
  "invalid-data",
  "invalid-time",
  "reporter-not-allowed",
]);

/** What was tried, for the record of its refusal. */
export interface Attempt {
  type: string;
  actor: Actor;
  /** Everything that was typed; sealed. */
  body: object;
  corrects?: number;
  dryRun?: boolean;
}

export function refuse(chart: Chart, attempt: Attempt, refusal: Refusal): Decided {
  const { type, actor, body, corrects = null } = attempt;
  const decided = refused(refusal);
  if (attempt.dryRun || !LEAVES_A_RECORD.has(refusal.name)) return decided;
  const ledger = openLedger(chart);
  const { seq } = ledger.append({
    kind: "refusal",
    // A type that nobody declares is free text: it is sealed with the rest.
    type: chart.pathway.event(type) ? type : "unknown",
    ...{ by: actor.person, role: roleOf(actor), corrects },
    data: { problem: refusal.name, pointers: pointersOf(clearRefusal(refusal, chart.pathway)) },
    personal: { "/body": withoutGaps(body) },
  });
  const { projectedTo } = chart.enrolment.row;
  return { ...decided, made: { ledger, standing: chart.standing, recordSeq: seq, projectedTo } };
}

function pointersOf(refusal: Refusal): string[] {
  return "errors" in refusal ? (refusal.errors ?? []).map(({ pointer }) => pointer) : [];
}

/** Without members that are undefined. */
function withoutGaps(typed: object): Json {
  return JSON.parse(JSON.stringify(typed)) as Json;
}
