import type { Json } from "../../core/index.js";
import type { Enrol, PatientInput } from "../model/commands.js";
import { cleanPatient } from "../model/identifiers.js";
import type { PatientChange } from "../model/decision.js";
import { sameNames } from "../model/patient-tokens.js";
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
  /** Neither name nor birth date are those on record: it may be somebody else. */
  isAnother: boolean;
}

/**
 * The patient who has an identifier in common, or a new one. What is known of a known patient stands, and the answer names
 * what differs: a mistyped identifier is somebody else's, and where neither name nor birth date agree that is asked. Only
 * identifiers that are new are added, so that the next request finds the patient by any of them.
 */
export function choosePatient(command: Enrol, { loaded, ids }: Situation): Chosen | { refusal: Refusal } {
  const patient = cleanPatient(command.patient);
  const [match, ...others] = loaded.matches;
  if (others.length > 0) {
    const patients = loaded.matches.map(({ patient: { id } }) => id);
    return { refusal: { name: "duplicate-identifier", of: "several", patients } };
  }
  if (!match) {
    const change: PatientChange = { id: ids.patient, isNew: true, personId: ids.patient, personal: patient };
    return { patientId: ids.patient, change, amended: null, differs: [], isAnother: false };
  }
  const { id } = match.patient;
  const known = match.patient.reveal();
  const differs = known ? FIELDS.filter((field) => differ(field, known[field], patient[field])) : [];
  if (match.activeEnrolment !== null) {
    const enrolment = match.activeEnrolment;
    return { refusal: { name: "duplicate-enrolment", enrolment, ...(differs.length > 0 && { differs }) } };
  }
  if (!known) return { patientId: id, change: null, amended: null, differs, isAnother: false };
  const identifiers = unite(known.identifiers, patient.identifiers);
  const chosen = { patientId: id, differs, isAnother: looksLikeAnother(known, patient) };
  if (identifiers.length === known.identifiers.length) return { ...chosen, change: null, amended: null };
  const personal: PatientInput = { ...known, identifiers };
  return { ...chosen, change: { id, isNew: false, personId: id, personal }, amended: identifiers as unknown as Json };
}

/** Neither name nor birth date agree; a name that only one of both has tells nothing. */
function looksLikeAnother(known: PatientInput, given: PatientInput): boolean {
  if (known.birthDate === undefined || !differ("birthDate", known.birthDate, given.birthDate)) return false;
  if (sameNames(known) === sameNames(given)) return false;
  const common = (["familyName", "givenName"] as const).filter((name) => known[name] && given[name]);
  return (
    common.length === 0 ||
    common.some((name) => sameNames({ [name]: known[name] }) !== sameNames({ [name]: given[name] }))
  );
}

const FIELDS = ["familyName", "givenName", "birthDate", "phone", "email", "language"] as const;

/** A birth date may be given as a month or a year: that is no other one. */
function differ(field: (typeof FIELDS)[number], known: string | undefined, given: string | undefined): boolean {
  if (given === undefined || given === known) return false;
  return !(field === "birthDate" && known && (known.startsWith(given) || given.startsWith(known)));
}
