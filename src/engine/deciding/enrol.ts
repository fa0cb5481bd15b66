/**
 * An enrolment comes into being whole or not at all: its pin, the enrolment itself, what happened already in order of
 * `occurredAt`, and everything that follows from it until now.
 */
import {
  ENROLLED,
  effectiveEvents,
  refold,
  view,
  type EventRecord,
  type Rule,
  type Standing,
  type When,
} from "../../core/index.js";
import type { Enrol } from "../model/commands.js";
import type { PersonsWrite } from "../model/decision.js";
import type { Stay } from "../model/loaded.js";
import type { Draft } from "../model/records.js";
import type { Question, Refusal } from "../model/refusals.js";
import { snapshotAfter } from "./answers.js";
import { choosePatient, type Chosen } from "./choose-patient.js";
import { isRefused, refused, roleOf, type Decided } from "./decided.js";
import { follow } from "./effects.js";
import { dateEvents, type Dated } from "./given-events.js";
import { judgeReporter } from "./judge.js";
import { Ledger, type Identity } from "./ledger.js";
import * as objections from "./objections.js";
import { passTime, takeInOrder } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import type { Setting } from "../model/rules.js";
import type { Situation } from "./situation.js";
import { overlap } from "./stays.js";
import { tellOthers } from "./tell.js";
import { notTaken, together } from "./together.js";

export function decideEnrol(command: Enrol, situation: Situation): Decided {
  const { pathway } = situation.choice;
  const allowed = pathway && judgeReporter(pathway, ENROLLED, command.actor, undefined, "");
  if (allowed && isRefused(allowed) && situation.choice.calendar) return refused(allowed.refusal);
  const dated = dateEvents(command, situation);
  if (isRefused(dated)) return refused(dated.refusal);
  const { setting } = dated;
  const chosen = choosePatient(command, situation);
  if (isRefused(chosen)) return refused(chosen.refusal);
  const row = rowOf(command, situation, chosen, setting);
  const ledger = new Ledger(
    { row, isNew: true, seq: 0, tasks: [], timers: [], firings: [] },
    setting.pathway,
    setting.now,
    "event",
  );
  const { differs } = chosen;
  const { farBack } = situation;
  const { alike } = situation.loaded;
  const begun = begin(ledger, command, setting, dated.enrolled, { differs, alike });
  const recorded = recordAll(ledger, command, { ...setting, farBack }, begun, dated.candidates);
  if (isRefused(recorded)) return refused(recorded.refusal);
  const { standing } = recorded;
  const shared = overlap(standing.stored, staysOf(situation), pointerOfStart(command, dated), setting.calendar);
  if (shared) return refused(shared);
  const own = askedOfItself(command, setting, chosen, farBack);
  const confirm = [...own.confirm, ...recorded.confirm];
  if (confirm.length > 0) return refused({ name: "confirmation-required", ...own, confirm });
  const also = chosen.amended && amend(command, situation, ledger, chosen);
  ledger.patient = chosen.change;
  const snapshot = snapshotAfter(setting, ledger, standing);
  const answer = { kind: "enrolled", differs, alike, snapshot } as const;
  if (command.dryRun) return { answer, made: null };
  return { answer, made: { ledger, standing, recordSeq: 1 }, ...(also && { also }) };
}

/** What it adds to a known patient stands in all histories of the person. */
function amend({ actor }: Enrol, situation: Situation, ledger: Ledger, { amended, own }: Chosen): PersonsWrite {
  const draft: Draft = {
    ...{ kind: "patient", type: "patient.amended", by: actor.person, role: roleOf(actor) },
    ...{ data: { fields: ["identifiers"] }, personal: { "/changes": { identifiers: amended! } } },
  };
  ledger.append(draft);
  const others = tellOthers(situation.loaded.persons?.enrolments ?? [], situation, draft);
  return { said: [], unsaid: [], patients: own ? [own] : [], others };
}

function rowOf(
  command: Enrol,
  { ids, choice }: Situation,
  { patientId, personId }: Chosen,
  { pathway }: Setting,
): Identity {
  const { person, roles } = command.actor;
  return {
    responsible: roles.includes("coordinator") ? person : null,
    ...{ id: ids.enrolment, patientId, personId },
    ...{ siteId: command.site, calendarVersion: choice.calendar!.version },
    pathway: { id: pathway.id, version: pathway.version, hash: pathway.hash },
  };
}

/** The enrolment, what it opens at once, and which versions rule it. */
function begin(
  ledger: Ledger,
  command: Enrol,
  setting: Setting,
  enrolled: EventRecord,
  { differs, alike }: { differs: string[]; alike: string[] },
): Standing {
  const { pathway, calendar } = setting;
  const { at } = effectiveEvents([enrolled], calendar)[0]!;
  const step = refold(pathway, calendar, [enrolled], at, ledger.known(), 1);
  const { actor } = command;
  const role = roleOf(actor, pathway.event(ENROLLED)!.reporters);
  const by = { by: actor.person, role };
  const { occurredAt, data } = enrolled;
  ledger.append({
    kind: "event",
    type: ENROLLED,
    occurredAt,
    ...by,
    ...{ performer: null, source: null, data },
    stateAfter: step.stored.value,
    detail: { takenBy: [], ...(differs.length > 0 && { differs }), ...(alike.length > 0 && { alike }) },
  });
  const { row } = ledger;
  const pin = { pathway: { ...row.pathway }, calendar: { site: row.siteId, version: row.calendarVersion } };
  ledger.append({ kind: "pin", type: "enrolment.pinned", detail: pin });
  follow(ledger, pathway, step.effects, null);
  return step;
}

const staysOf = ({ loaded }: Situation): Stay[] => loaded.matches.flatMap(({ stays }) => stays);

function pointerOfStart({ occurredAt }: Enrol, { candidates: [earliest] }: Dated): string {
  return occurredAt === undefined && earliest ? `/events/${earliest.index}/occurredAt` : "/occurredAt";
}

/**
 * What is asked about the enrolment itself: its date, and who it is. `confirm` answers either where it is asked alone; where
 * both are, it is for the date, and who it is has its own: no yes to one question passes for a yes to the other.
 */
function askedOfItself(
  command: Enrol,
  setting: Setting,
  { isAnother, personId }: Chosen,
  farBack: Rule,
): { confirm: Question[]; patients?: string[] } {
  const ofTime = askedOfItsTime(command, setting, farBack);
  const confirm = command.confirm ? [] : ofTime;
  const isSure = command.confirmPatient || (command.confirm && ofTime.length === 0);
  if (!isAnother || isSure) return { confirm };
  const pointer = ofTime.length === 0 ? "/confirm" : "/patient/confirm";
  return { confirm: [{ pointer, code: "another-person" }, ...confirm], patients: [personId] };
}

/**
 * One that dates itself to its earliest event is asked about with that event; one of the day of something that is never
 * asked back is not asked about at all, as that is not.
 */
function askedOfItsTime({ occurredAt, events }: Enrol, setting: Setting, farBack: Rule): Question[] {
  if (occurredAt === undefined) return [];
  const dayOf = (when: When = setting.now): string => (typeof when === "string" ? when : setting.calendar.dateOf(when));
  const isThatOfUrgent = events.some(
    ({ type, data, occurredAt: at }) =>
      isNeverAskedBack(setting.pathway, type, data) && dayOf(at) === dayOf(occurredAt),
  );
  return isThatOfUrgent ? [] : objections.askedOfTime(setting, farBack, { type: ENROLLED, occurredAt }, "");
}

/**
 * Tries the events one after the other, as if each had been reported in time and none that nothing takes had been; then
 * time passes until now. `confirm`: what is asked about them and not confirmed.
 */
function recordAll(
  ledger: Ledger,
  command: Enrol,
  setting: Setting & Pick<Situation, "farBack">,
  begun: Standing,
  candidates: Dated["candidates"],
): { standing: Standing; confirm: Question[] } | { refusal: Refusal } {
  let standing = begun;
  const confirm: Question[] = [];
  const refusals: Refusal[] = [];
  for (const { candidate, index } of candidates) {
    const event = command.events[index]!;
    const at = `/events/${index}`;
    const taken = takeInOrder(ledger, setting, standing, candidate);
    if (taken.outcome.kind === "refused") {
      const there = view(setting.pathway, setting.calendar, taken.before);
      const { reason } = taken.outcome;
      const refusal = objections.eventRefused(setting.pathway, event.type, reason, there, command.actor.roles);
      refusals.push({ ...refusal, errors: [notTaken(refusal, at)], event: index });
      standing = taken.before;
      continue;
    }
    const about: objections.InQuestion = {
      type: event.type,
      data: { fact: taken.fact, log: taken.after.log },
      occurredAt: candidate.when,
      isSettled: event.confirm === true || isNeverAskedBack(setting.pathway, event.type, event.data),
    };
    const asked = objections.questions(setting, setting.farBack, about, at);
    if (asked.demanded) refusals.push({ ...asked.demanded, event: index });
    confirm.push(...asked.confirm);
    standing = taken.after;
  }
  const refusal = together(refusals);
  if (refusal) return { refusal };
  return { standing: passTime(ledger, setting, standing, setting.now), confirm };
}
