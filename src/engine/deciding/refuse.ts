/**
 * What is refused leaves a refusal record and nothing else: no timer fires with it, no state moves. Refused are events
 * and corrections of an unknown type, with data or a time that does not fit, from somebody without the role, with no
 * transition at their place, before the enrolment and after the exit; so somebody tried, and the history tells it.
 * No record is left by what asks for another try (confirmation, consequences, a stale `ifSeq`), by what is on record
 * already (a source seen before), by what only another enrolment stands in the way of, by what names nothing that exists,
 * by operations on tasks and on the patient's data, nor by an enrolment that does not come into being: there is no
 * history for it. Their keys are remembered with the problem all the same.
 */
import type { Json, JsonObject } from "../../core/index.js";
import type { Problem, ProblemName } from "../../platform/problems.js";
import type { Actor } from "../model/commands.js";
import { clearProblem } from "./clear-problem.js";
import { openLedger, problem, roleOf, statusOf, type Decided } from "./decided.js";
import { offerRedFlags } from "./red-flags.js";
import type { Chart } from "./situation.js";

const LEAVES_A_RECORD: ReadonlySet<ProblemName> = new Set<ProblemName>([
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
  data: JsonObject;
  actor: Actor;
  /** Everything that was typed; sealed. */
  body: Json;
  corrects?: number;
  dryRun?: boolean;
}

export function refuse(chart: Chart, attempt: Attempt, found: Problem): Decided {
  const { type, data, actor, body, corrects = null } = attempt;
  const offered = [403, 422].includes(statusOf(found.name)) ? offerRedFlags(found, chart.pathway, type, data) : found;
  if (attempt.dryRun || !LEAVES_A_RECORD.has(found.name)) return problem(offered);
  const ledger = openLedger(chart);
  const { seq } = ledger.append({
    kind: "refusal",
    // A type that nobody declares is free text: it is sealed with the rest.
    type: chart.pathway.event(type) ? type : "unknown",
    ...{ by: actor.person, role: roleOf(actor), corrects },
    data: { problem: found.name, pointers: pointersOf(clearProblem(found, chart.pathway)) },
    personal: { "/body": body },
  });
  const { answer } = problem(offered);
  const { projectedTo } = chart.enrolment.row;
  return { answer, made: { ledger, standing: chart.standing, recordSeq: seq, projectedTo } };
}

function pointersOf({ errors }: Problem): string[] {
  return Array.isArray(errors) ? errors.map((error: { pointer: string }) => error.pointer) : [];
}
