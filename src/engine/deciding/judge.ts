/** What a reported event must fulfil before it is tried at its place, in the order in which it is looked at. */
import type { EventRecord, JsonObject, Pathway, Role } from "../../core/index.js";
import type { Actor, Performer } from "../model/commands.js";
import { entryOf } from "../model/loaded.js";
import { faultAt, type Refusal } from "../model/refusals.js";
import type { Chart } from "./chart.js";

/** Everybody who may report something at all. */
const REPORTING: readonly Role[] = ["coordinator", "clinician", "lead", "system"];

const holdsOneOf = (roles: readonly Role[], wanted: readonly Role[]): boolean =>
  roles.some((role) => wanted.includes(role));

export function judgeType(pathway: Pathway, type: string, at: string): Refusal | undefined {
  if (pathway.event(type)) return undefined;
  const { id, version } = pathway;
  return { name: "invalid-data", errors: [{ pointer: `${at}/type`, code: "unknown-type", pathway: { id, version } }] };
}

export function judgeData(
  pathway: Pathway,
  type: string,
  data: JsonObject,
  at: string,
): (Refusal & { name: "invalid-data"; errors: { code: "schema"; pointer: string; detail: string }[] }) | undefined {
  const errors = pathway.validate(type, data).map(({ pointer, detail }) => {
    return { pointer: `${at}/data${pointer}`, code: "schema" as const, detail };
  });
  return errors.length === 0 ? undefined : { name: "invalid-data", type, errors };
}

/** The role that counts, or why there is none: the performer's where one is named, else the reporter's own. */
export function judgeReporter(
  pathway: Pathway,
  type: string,
  actor: Actor,
  performer: Performer | undefined,
  at: string,
): { role: Role } | { refusal: Refusal } {
  const { reporters } = pathway.event(type)!;
  const acting =
    actor.roles.find((role) => reporters.includes(role)) ?? actor.roles.find((role) => REPORTING.includes(role));
  if (performer === undefined) {
    if (acting && holdsOneOf(actor.roles, reporters)) return { role: acting };
    return { refusal: notAllowed(pathway, type, "report") };
  }
  const { roles } = performer;
  if (!roles) return { refusal: faultAt(`${at}/performer`, "unknown-performer") };
  if (acting && holdsOneOf(roles, reporters)) return { role: acting };
  return { refusal: notAllowed(pathway, type, "perform") };
}

export function notAllowed(pathway: Pathway, type: string, act: "report" | "perform" | "correct"): Refusal {
  const { title, reporters } = pathway.event(type)!;
  return { name: "reporter-not-allowed", act, reporters: [...reporters], type, title };
}

/** Whether somebody may correct an event: whoever may report it, and whoever did so by naming its performer. */
export function mayCorrect({ pathway, enrolment }: Chart, { type, seq, by }: EventRecord, actor: Actor): boolean {
  if (holdsOneOf(actor.roles, pathway.event(type)?.reporters ?? [])) return true;
  const named = by !== actor.person && entryOf(enrolment, seq)?.reporter === actor.person;
  return named && holdsOneOf(actor.roles, REPORTING);
}
