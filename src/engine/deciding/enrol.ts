/**
 * An enrolment comes into being whole or not at all: its pin, the enrolment itself, what happened already in order of
 * `occurredAt`, and everything that follows from it until now.
 */
import { ENROLLED, effectiveEvents, refold, view, type EventRecord, type Standing } from "../../core/index.js";
import type { Enrol } from "../model/commands.js";
import { faultAt, type Refusal } from "../model/refusals.js";
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
import { patientFaults } from "./judge-patient.js";

export function decideEnrol(command: Enrol, situation: Situation): Decided {
  const setting = settingOf(command, situation);
  if (isRefused(setting)) return refused(setting.refusal);
  const chosen = choosePatient(command, situation);
  if (isRefused(chosen)) return refused(chosen.refusal);
  const dated = dateEvents(command, setting);
  if (isRefused(dated)) return refused(dated.refusal);
  const row = rowOf(command, situation, chosen.patientId, setting);
  const ledger = new Ledger(
    { row, isNew: true, seq: 0, tasks: [], timers: [], firings: [] },
    setting.pathway,
    setting.now,
    "event",
  );
  const { alike } = situation.loaded;
  const begun = begin(ledger, command, setting, dated.enrolled, { differs: chosen.differs, alike });
  const standing = recordAll(ledger, command, setting, begun, dated.candidates, chosen.asked);
  if (isRefused(standing)) return refused(standing.refusal);
  if (chosen.amended) {
    const { actor } = command;
    const fields = { data: { fields: ["identifiers"] }, personal: { "/changes": { identifiers: chosen.amended } } };
    ledger.append({ kind: "patient", type: "patient.amended", by: actor.person, role: roleOf(actor), ...fields });
  }
  ledger.patient = chosen.change;
  const snapshot = snapshotAfter(setting, ledger, standing);
  const { differs } = chosen;
  return { answer: { kind: "enrolled", differs, alike, snapshot }, made: { ledger, standing, recordSeq: 1 } };
}

function settingOf(command: Enrol, { choice, now }: Situation): Setting | { refusal: Refusal } {
  const { pathway, calendar: chosen } = choice;
  if (!pathway) {
    const pointer = command.version === undefined ? "/pathway" : "/version";
    return { refusal: faultAt(pointer, "unknown-pathway") };
  }
  if (!chosen) return { refusal: faultAt("/site", "unknown-site") };
  const { calendar } = chosen;
  const setting = { pathway, calendar, now };
  const allowed = judgeReporter(setting, ENROLLED, command.actor, undefined, "");
  if (isRefused(allowed)) return allowed;
  const errors = patientFaults(command.patient, calendar.dateOf(now), "/patient");
  return errors.length > 0 ? { refusal: { name: "invalid-data", errors } } : setting;
}

function rowOf(command: Enrol, { ids, choice }: Situation, patientId: string, { pathway }: Setting): Identity {
  return {
    ...{
      id: ids.enrolment,
      patientId,
      personId: patientId,
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

/** Tries the events one after the other, as if each had been reported in time; then time passes until now. */
function recordAll(
  ledger: Ledger,
  command: Enrol,
  setting: Setting,
  begun: Standing,
  candidates: Dated["candidates"],
  about: Chosen["asked"],
): Standing | { refusal: Refusal } {
  let standing = begun;
  const confirm: objections.Confirm = [...about.confirm];
  for (const { candidate, index } of candidates) {
    const event = command.events[index]!;
    const taken = takeInOrder(ledger, setting, standing, candidate);
    if (taken.outcome.kind === "refused") {
      const there = view(setting.pathway, setting.calendar, taken.before, []);
      const { reason } = taken.outcome;
      const refusal = objections.eventRefused(setting.pathway, event.type, reason, there, command.actor.roles);
      return { refusal: { ...refusal, event: index } };
    }
    const asked = objections.asked(setting, taken.fact, taken.after.log, `/events/${index}`);
    if (asked.demanded) return { refusal: { ...asked.demanded, event: index } };
    if (!event.confirm && !isNeverAskedBack(setting.pathway, event.type, event.data)) confirm.push(...asked.confirm);
    standing = taken.after;
  }
  if (confirm.length > 0) return { refusal: { name: "confirmation-required", ...about, confirm } };
  return passTime(ledger, setting, standing, setting.now);
}
