import type { Json, JsonObject } from "../../core/index.js";
import type { AmendPatient, Identifier, PatientChanges, PatientInput } from "../model/commands.js";
import { cleanPatient } from "../model/identifiers.js";
import type { Loaded } from "../model/loaded.js";
import type { Refusal } from "../model/refusals.js";
import { snapshotAfter } from "./answers.js";
import { isRefused, openLedger, refused, roleOf, type Decided } from "./decided.js";
import type { Ledger } from "./ledger.js";
import { changeIdentifiers } from "./identifiers.js";
import { patientFaults } from "./judge-patient.js";
import * as objections from "./objections.js";
import { passTime } from "./place.js";
import type { Chart } from "./chart.js";
import { isBeforeBirth } from "./times.js";
import { together } from "./together.js";

/** The record says which fields changed; what they say now is sealed with it. */
export function decideAmendPatient(command: AmendPatient, chart: Chart, loaded: Loaded): Decided {
  const again = objections.stale(chart, command.ifSeq);
  if (again) return refused(again);
  const { person: patient } = chart.enrolment;
  const present = patient.reveal();
  if (!present) return refused({ name: "not-found", what: "personalData" });
  const others = loaded.matches.flatMap((match) => (match.patient.id === patient.id ? [] : match.patient.id));
  if (others.length > 0) return refused({ name: "duplicate-identifier", of: "another", patients: others });
  const changes = cleanPatient(command.changes);
  const identifiers = changeIdentifiers(present.identifiers, changes);
  const unfit = isRefused(identifiers);
  const amended = amend(present, changes, unfit ? present.identifiers : identifiers.changed);
  const refusal = together([unfit ? identifiers.refusal : undefined, judge(amended, command.changes, chart)]);
  if (refusal) return refused(refusal);
  const ledger = openLedger(chart);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const recordSeq = record(ledger, command, present, amended, patient.id);
  const snapshot = snapshotAfter(chart, ledger, standing);
  return {
    answer: { kind: "patient", snapshot },
    made: ledger.records.length > 0 && !command.dryRun ? { ledger, standing, recordSeq } : null,
  };
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

/** The number of the record made; null where it is so already. */
function record(
  ledger: Ledger,
  { actor }: AmendPatient,
  present: PatientInput,
  amended: PatientInput,
  patientId: string,
): number | null {
  const changes = differences(present, amended);
  const fields = Object.keys(changes);
  if (fields.length === 0) return null;
  ledger.patient = { id: patientId, isNew: false, personId: patientId, personal: amended };
  return ledger.append({
    ...{ kind: "patient", type: "patient.amended", by: actor.person, role: roleOf(actor) },
    data: { fields },
    personal: { "/changes": changes },
  }).seq;
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
