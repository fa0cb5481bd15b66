import type { Json } from "../../core/index.js";
import type { Enrol, PatientInput } from "../model/commands.js";
import type { PatientChange } from "../model/decision.js";
import type { Refusal } from "../model/refusals.js";
import { unite } from "./identifiers.js";
import type { Situation } from "./situation.js";

export interface Chosen {
  patientId: string;
  change: PatientChange | null;
  /** All identifiers of a known patient, where the request brought a new one. */
  amended: Json | null;
  /** Fields that the request says otherwise than what is on record of a known patient. */
  differs: string[];
}

/**
 * The patient who has an identifier in common, or a new one. What is known of a known patient stands, and the answer names
 * what differs: a mistyped identifier is somebody else's. Only identifiers that are new are added, so that the next request
 * finds the patient by any of them.
 */
export function choosePatient({ patient }: Enrol, { loaded, ids }: Situation): Chosen | { refusal: Refusal } {
  const [match, ...others] = loaded.matches;
  if (others.length > 0) {
    const patients = loaded.matches.map(({ patient: { id } }) => id);
    return { refusal: { name: "duplicate-identifier", of: "several", patients } };
  }
  if (!match) {
    const change: PatientChange = { id: ids.patient, isNew: true, personal: patient };
    return { patientId: ids.patient, change, amended: null, differs: [] };
  }
  if (match.activeEnrolment !== null) {
    return { refusal: { name: "duplicate-enrolment", enrolment: match.activeEnrolment } };
  }
  const { id } = match.patient;
  const known = match.patient.reveal();
  if (!known) return { patientId: id, change: null, amended: null, differs: [] };
  const differs = FIELDS.filter((field) => differ(field, known[field], patient[field]));
  const identifiers = unite(known.identifiers, patient.identifiers);
  if (identifiers.length === known.identifiers.length) return { patientId: id, change: null, amended: null, differs };
  const personal: PatientInput = { ...known, identifiers };
  return { patientId: id, change: { id, isNew: false, personal }, amended: identifiers as unknown as Json, differs };
}

const FIELDS = ["familyName", "givenName", "birthDate", "phone", "email", "language"] as const;

/** A birth date may be given as a month or a year: that is no other one. */
function differ(field: (typeof FIELDS)[number], known: string | undefined, given: string | undefined): boolean {
  if (given === undefined || given === known) return false;
  return !(field === "birthDate" && known && (known.startsWith(given) || given.startsWith(known)));
}
