/**
 * An enrolment comes into being whole or not at all: its pin, the enrolment itself, what happened already in order of
 * `occurredAt`, and everything that follows from it until now.
 */
import { ENROLLED, effectiveEvents, refold, view, type EventRecord, type Standing } from "../../core/index.js";
import type { Enrol } from "../model/commands.js";
import type { PersonsWrite } from "../model/decision.js";
import type { Stay } from "../model/loaded.js";
import type { Draft } from "../model/records.js";
import { faultAt, type Question, type Refusal } from "../model/refusals.js";
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
import { together } from "./together.js";

export function decideEnrol(command: Enrol, situation: Situation): Decided {
  const setting = settingOf(command, situation);
  if (isRefused(setting)) return refused(setting.refusal);
  const dated = dateEvents(command, setting);
  if (isRefused(dated)) return refused(dated.refusal);
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
  const { alike } = situation.loaded;
  const begun = begin(ledger, command, setting, dated.enrolled, { differs, alike });
  const recorded = recordAll(ledger, command, { ...setting, farBack: situation.farBack }, begun, dated.candidates);
  if (isRefused(recorded)) return refused(recorded.refusal);
  const { standing } = recorded;
  const shared = overlap(standing.stored, staysOf(situation), pointerOfStart(command, dated));
  if (shared) return refused(shared);
  const confirm = [...chosen.asked.confirm, ...askedOfEnrolment(command, setting, situation), ...recorded.confirm];
  if (confirm.length > 0) return refused({ name: "confirmation-required", ...chosen.asked, confirm });
  const also = chosen.amended && amend(command, situation, ledger, chosen);
  ledger.patient = chosen.change;
  const snapshot = snapshotAfter(setting, ledger, standing);
  const made = { ledger, standing, recordSeq: 1 };
  return { answer: { kind: "enrolled", differs, alike, snapshot }, made, ...(also && { also }) };
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

function settingOf(command: Enrol, { choice, now }: Situation): Setting | { refusal: Refusal } {
  const { pathway, calendar: chosen } = choice;
  const pointer = command.version === undefined ? "/pathway" : "/version";
  if (!pathway || !chosen) {
    const nowhere = pathway ? undefined : faultAt(pointer, "unknown-pathway");
    return { refusal: together([nowhere, chosen ? undefined : faultAt("/site", "unknown-site")])! };
  }
  const { calendar } = chosen;
  const setting = { pathway, calendar, now };
  const allowed = judgeReporter(setting, ENROLLED, command.actor, undefined, "");
  return isRefused(allowed) ? allowed : setting;
}

function rowOf(
  command: Enrol,
  { ids, choice }: Situation,
  { patientId, personId }: Chosen,
  { pathway }: Setting,
): Identity {
  return {
    ...{
      id: ids.enrolment,
      patientId,
      personId,
      siteId: command.site,
      calendarVersion: choice.calendar!.version,
    },
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

/** One that dates itself to its earliest event is asked about with that event. */
function askedOfEnrolment({ occurredAt, confirm }: Enrol, setting: Setting, { farBack }: Situation): Question[] {
  if (occurredAt === undefined || confirm) return [];
  return objections.askedOfTime(setting, farBack, { type: ENROLLED, occurredAt }, "");
}

/**
 * Tries the events one after the other, as if each had been reported in time; then time passes until now. `confirm`: what
 * is asked about them and not confirmed.
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
  const demanded: Refusal[] = [];
  for (const { candidate, index } of candidates) {
    const event = command.events[index]!;
    const taken = takeInOrder(ledger, setting, standing, candidate);
    if (taken.outcome.kind === "refused") {
      const there = view(setting.pathway, setting.calendar, taken.before);
      const { reason } = taken.outcome;
      const refusal = objections.eventRefused(setting.pathway, event.type, reason, there, command.actor.roles);
      return { refusal: together(demanded) ?? { ...refusal, event: index } };
    }
    const asked = objections.asked(setting, taken.fact, taken.after.log, `/events/${index}`);
    if (asked.demanded) demanded.push({ ...asked.demanded, event: index });
    if (!event.confirm && !isNeverAskedBack(setting.pathway, event.type, event.data)) {
      const time = { type: event.type, occurredAt: candidate.when };
      confirm.push(...asked.confirm, ...objections.askedOfTime(setting, setting.farBack, time, `/events/${index}`));
    }
    standing = taken.after;
  }
  const missing = together(demanded);
  if (missing) return { refusal: missing };
  return { standing: passTime(ledger, setting, standing, setting.now), confirm };
}
