import type { Json, JsonObject } from "../../core/index.js";
import type { Answer } from "../model/answer.js";
import type { AmendPatient, Identifier, PatientChanges, PatientInput } from "../model/commands.js";
import { cleanPatient } from "../model/identifiers.js";
import type { Draft } from "../model/records.js";
import type { Refusal } from "../model/refusals.js";
import { snapshotAfter } from "./answers.js";
import { isRefused, openLedger, refused, roleOf, type Decided } from "./decided.js";
import { changeIdentifiers, givenUp, joinedTo, without } from "./identifiers.js";
import { patientFaults } from "./judge-patient.js";
import * as objections from "./objections.js";
import { passTime } from "./place.js";
import type { Situation } from "./situation.js";
import { tellOthers } from "./tell.js";
import type { Chart } from "./chart.js";
import { isBeforeBirth } from "./times.js";
import { together } from "./together.js";

/**
 * The record says which fields changed; what they say now is sealed with it. It stands in the history of each enrolment
 * of the person, so that whoever read another one is told by `ifSeq` as well.
 */
export function decideAmendPatient(command: AmendPatient, chart: Chart, situation: Situation): Decided {
  const { loaded } = situation;
  const again = objections.stale(chart, command.ifSeq);
  if (again) return refused(again);
  const { person: patient } = chart.enrolment;
  const present = patient.reveal();
  if (!present) return refused({ name: "not-found", what: "personalData" });
  const strangers = loaded.matches.flatMap((match) => (match.patient.id === patient.id ? [] : match.patient.id));
  if (strangers.length > 0) return refused({ name: "duplicate-identifier", of: "another", patients: strangers });
  const joined = joinedTo(patient.id, loaded);
  const changes = cleanPatient(command.changes);
  const identifiers = changeIdentifiers(present.identifiers, changes, joined);
  const unfit = isRefused(identifiers);
  const amended = amend(present, changes, unfit ? present.identifiers : identifiers.changed);
  const refusal = together([unfit ? identifiers.refusal : undefined, judge(amended, command.changes, chart)]);
  if (refusal) return refused(refusal);
  const ledger = openLedger(chart);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const draft = draftOf(command, differences(present, amended));
  const recordSeq = draft && ledger.append(draft).seq;
  const answer: Answer = { kind: "patient", snapshot: snapshotAfter(chart, ledger, standing) };
  const made = ledger.records.length > 0 && !command.dryRun ? { ledger, standing, recordSeq } : null;
  if (!draft || !made) return { answer, made };
  ledger.patient = { id: patient.id, isNew: false, personId: patient.id, personal: amended };
  const others = (loaded.persons?.enrolments ?? []).filter(({ row }) => row.id !== chart.enrolment.row.id);
  const patients = givenUp(patient.id, without(present.identifiers, amended.identifiers), joined);
  return { answer, made, also: { said: [], unsaid: [], patients, others: tellOthers(others, situation, draft) } };
}

/** What the patient's data says with the changes. */
function amend(present: PatientInput, changes: PatientChanges, identifiers: Identifier[]): PatientInput {
  const { identifiers: _, addIdentifiers: __, removeIdentifiers: ___, contactConsent, ...fields } = changes;
  const consent = { ...present.contactConsent, ...contactConsent };
  const personal: Record<string, unknown> = { ...present, ...given(fields), identifiers };
  if (contactConsent) personal["contactConsent"] = consent;
  // A birth date that becomes known, or turns out not to be, takes the place of what was said before.
  if (changes.birthDate !== undefined && changes.birthDateUnknown === undefined) delete personal["birthDateUnknown"];
  if (changes.birthDateUnknown && changes.birthDate === undefined) delete personal["birthDate"];
  if (personal["birthDateUnknown"] === false) delete personal["birthDateUnknown"];
  return withoutNulls(personal) as unknown as PatientInput;
}

function judge(amended: PatientInput, { birthDate }: PatientChanges, chart: Chart): Refusal | undefined {
  const { standing, calendar, now } = chart;
  const pointer = "/birthDate";
  const errors = patientFaults(amended, calendar.dateOf(now), "");
  const isRight = errors.every((fault) => fault.pointer !== pointer);
  if (isRight && isBeforeBirth(standing.stored.enrolledAt, birthDate, calendar)) {
    errors.push({ pointer, code: "enrolled-before-birth" });
  }
  return errors.length > 0 ? { name: "invalid-data", errors } : undefined;
}

/** Null where it is so already. */
function draftOf({ actor }: AmendPatient, changes: JsonObject): Draft | null {
  const fields = Object.keys(changes);
  if (fields.length === 0) return null;
  return {
    ...{ kind: "patient", type: "patient.amended", by: actor.person, role: roleOf(actor) },
    ...{ data: { fields }, personal: { "/changes": changes } },
  };
}

/** Fields that say something else, with what they say now; null: nothing any more. */
function differences(present: PatientInput, amended: PatientInput): JsonObject {
  const [before, after] = [present, amended] as unknown as [JsonObject, JsonObject];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return Object.fromEntries(changed.map((field): [string, Json] => [field, after[field] ?? null]));
}

function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function withoutNulls(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
