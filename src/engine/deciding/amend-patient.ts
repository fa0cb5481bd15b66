import type { Json } from "../../core/index.js";
import type { AmendPatient, PatientInput } from "../model/commands.js";
import { cleanPatient } from "../model/identifiers.js";
import type { Loaded } from "../model/loaded.js";
import { faultAt, type Refusal } from "../model/refusals.js";
import { snapshotAfter } from "./answers.js";
import { openLedger, refused, roleOf, type Decided } from "./decided.js";
import type { Ledger } from "./ledger.js";
import { passTime } from "./place.js";
import type { Chart } from "./chart.js";
import { earliestBirth, isBeforeBirth } from "./times.js";

/** The record says which fields changed; what they say now is sealed with it. */
export function decideAmendPatient(command: AmendPatient, chart: Chart, loaded: Loaded): Decided {
  const { patient } = chart.enrolment;
  const present = patient.reveal();
  if (!present) return refused({ name: "not-found", what: "personalData" });
  if (loaded.matches.some((match) => match.patient.id !== patient.id)) {
    return refused({ name: "duplicate-identifier", of: "another" });
  }
  const changes = changedFields(present, cleanPatient(command.changes));
  const misborn = changes.birthDate === undefined ? undefined : judgeBirth(changes.birthDate, chart);
  if (misborn) return refused(misborn);
  if (changes.identifiers?.length === 0) return refused(faultAt("/identifiers", "no-identifier"));
  const ledger = openLedger(chart);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const recordSeq = amend(ledger, command, present, changes, patient.id);
  const snapshot = snapshotAfter(chart, ledger, standing);
  return {
    answer: { kind: "patient", snapshot },
    made: ledger.records.length > 0 ? { ledger, standing, recordSeq } : null,
  };
}

function judgeBirth(birthDate: string, { standing, calendar }: Chart): Refusal | undefined {
  if (!earliestBirth(birthDate)) return faultAt("/birthDate", "unreadable-birth-date");
  if (!isBeforeBirth(standing.stored.enrolledAt, birthDate, calendar)) return undefined;
  return faultAt("/birthDate", "enrolled-before-birth");
}

function changedFields(present: PatientInput, given: Partial<PatientInput>): Partial<PatientInput> {
  const changed = Object.entries(given).filter(([field, value]) => {
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(present[field as keyof PatientInput]);
  });
  return Object.fromEntries(changed);
}

function amend(
  ledger: Ledger,
  { actor }: AmendPatient,
  present: PatientInput,
  changes: Partial<PatientInput>,
  patientId: string,
): number | null {
  const fields = Object.keys(changes);
  if (fields.length === 0) return null;
  const contactConsent = changes.contactConsent && { ...present.contactConsent, ...changes.contactConsent };
  const personal = { ...present, ...changes, ...(contactConsent && { contactConsent }) };
  ledger.patient = { id: patientId, isNew: false, personal };
  return ledger.append({
    ...{ kind: "patient", type: "patient.amended", by: actor.person, role: roleOf(actor) },
    data: { fields },
    personal: { "/changes": changes as Json },
  }).seq;
}
