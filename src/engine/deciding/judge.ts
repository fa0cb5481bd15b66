/** What a reported event must fulfil before it is tried at its place, in the order in which it is looked at. */
import { ENROLLED, type EventRecord, type Json, type JsonObject, type Pathway, type Role } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Actor, Performer } from "../model/commands.js";
import { entryOf } from "../model/loaded.js";
import type { Chart, Setting } from "./situation.js";

/** Everybody who may report something at all. */
const REPORTING: readonly Role[] = ["coordinator", "clinician", "lead", "system"];

const holdsOneOf = (roles: readonly Role[], wanted: readonly Role[]): boolean =>
  roles.some((role) => wanted.includes(role));

export function invalidData(detail: string, errors: { pointer: string; detail: string }[]): Problem {
  return { name: "invalid-data", detail, errors };
}

/** One fault at one place: the sentence is the detail as well. */
export function faultAt(pointer: string, detail: string): Problem {
  return invalidData(detail, [{ pointer, detail }]);
}

export function judgeType(pathway: Pathway, type: string, at: string): Problem | undefined {
  if (pathway.event(type)) return undefined;
  return faultAt(`${at}/type`, `The pathway ${pathway.id} ${pathway.version} declares no event of this type.`);
}

export function judgeData(pathway: Pathway, type: string, data: JsonObject, at: string): Problem | undefined {
  const faults = pathway.validate(type, data);
  if (faults.length === 0) return undefined;
  const errors = faults.map(({ pointer, detail }) => ({ pointer: `${at}/data${pointer}`, detail }));
  return invalidData(`The data of ${type} has ${faults.length === 1 ? "a fault" : "faults"}.`, errors);
}

/** The role that counts, or why there is none: the performer's where one is named, else the reporter's own. */
export function judgeReporter(
  setting: Setting,
  type: string,
  actor: Actor,
  performer: Performer | undefined,
  at: string,
): { role: Role } | { problem: Problem } {
  const { title, reporters } = setting.pathway.event(type)!;
  const acting =
    actor.roles.find((role) => reporters.includes(role)) ?? actor.roles.find((role) => REPORTING.includes(role));
  if (performer === undefined) {
    if (acting && holdsOneOf(actor.roles, reporters)) return { role: acting };
    return {
      problem: notAllowed(
        `${title} (${type}) is reported by: ${reporters.join(", ")}. Name such a performer, or ask one.`,
        reporters,
      ),
    };
  }
  const { roles } = performer;
  if (!roles) return { problem: faultAt(`${at}/performer`, "Nobody at this site is known by this id.") };
  if (acting && holdsOneOf(roles, reporters)) return { role: acting };
  return {
    problem: notAllowed(
      `${title} (${type}) is done by: ${reporters.join(", ")}. The performer holds none of these roles.`,
      reporters,
    ),
  };
}

function notAllowed(detail: string, reporters: readonly Role[]): Problem {
  return { name: "reporter-not-allowed", detail, reporters: [...reporters] };
}

/** Whether somebody may correct an event: whoever may report it, and whoever did so by naming its performer. */
export function mayCorrect({ pathway, enrolment }: Chart, { type, seq, by }: EventRecord, actor: Actor): boolean {
  if (holdsOneOf(actor.roles, pathway.event(type)?.reporters ?? [])) return true;
  const named = by !== actor.person && entryOf(enrolment, seq)?.reporter === actor.person;
  return named && holdsOneOf(actor.roles, REPORTING);
}

/** What a request leaves of itself in a refusal: everything that was typed, to be sealed. */
export function bodyOf(typed: object): Json {
  return JSON.parse(JSON.stringify(typed)) as Json;
}

export const isEnrolment = (type: string): boolean => type === ENROLLED;
