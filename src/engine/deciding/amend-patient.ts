import type { Json } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { AmendPatient, PatientInput } from "../model/commands.js";
import type { Loaded } from "../model/loaded.js";
import { snapshotAfter } from "./answers.js";
import { openLedger, problem, roleOf, type Decided } from "./decided.js";
import { faultAt } from "./judge.js";
import { passTime } from "./place.js";
import type { Chart } from "./situation.js";
import { earliestBirth, isBeforeBirth } from "./times.js";

/** The record says which fields changed; what they say now is sealed with it. */
export function decideAmendPatient(command: AmendPatient, chart: Chart, loaded: Loaded): Decided {
  const { patient } = chart.enrolment;
  const present = patient.reveal();
  if (!present) return problem({ name: "not-found", detail: "The personal data of this patient has been erased." });
  if (loaded.matches.some((match) => match.patient.id !== patient.id)) {
    return problem({ name: "duplicate-identifier", detail: "One of the identifiers belongs to another patient." });
  }
  const changes = changedFields(present, command.changes);
  const misborn = changes.birthDate === undefined ? undefined : judgeBirth(changes.birthDate, chart);
  if (misborn) return problem(misborn);
  if (changes.identifiers?.length === 0)
    return problem(faultAt("/identifiers", "A patient keeps at least one identifier."));
  const ledger = openLedger(chart);
  const standing = passTime(ledger, chart, chart.standing, chart.now);
  const recordSeq = amend(ledger, command, present, changes, patient.id);
  const snapshot = snapshotAfter(chart, ledger, standing, chart.enrolment, chart.enrolment.row);
  return {
    answer: { kind: "patient", snapshot },
    made: ledger.records.length > 0 ? { ledger, standing, recordSeq } : null,
  };
}

function judgeBirth(birthDate: string, { standing, calendar }: Chart): Problem | undefined {
  if (!earliestBirth(birthDate)) return unreadableBirth();
  if (!isBeforeBirth(standing.stored.enrolledAt, birthDate, calendar)) return undefined;
  return faultAt("/birthDate", "The patient was enrolled before this date.");
}

export function unreadableBirth(at = ""): ReturnType<typeof faultAt> {
  return faultAt(
    `${at}/birthDate`,
    "The birth date is a date, a month or a year, such as 1950-03-17, 1950-03 or 1950.",
  );
}

function changedFields(present: PatientInput, given: Partial<PatientInput>): Partial<PatientInput> {
  const changed = Object.entries(given).filter(([field, value]) => {
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(present[field as keyof PatientInput]);
  });
  return Object.fromEntries(changed);
}

type Ledgered = ReturnType<typeof openLedger>;

function amend(
  ledger: Ledgered,
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
