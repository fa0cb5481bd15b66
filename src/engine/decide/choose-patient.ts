import type { Json } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Enrol, PatientInput } from "../commands.js";
import type { PatientChange } from "../decision.js";
import type { Situation } from "./situation.js";

export interface Chosen {
  patientId: string;
  change: PatientChange | null;
  /** All identifiers of a known patient, where the request brought a new one. */
  amended: Json | null;
}

/**
 * The patient who has an identifier in common, or a new one. What is known of a known patient stands; only identifiers
 * that are new are added, so that the next request finds the patient by any of them.
 */
export function choosePatient({ patient }: Enrol, { loaded, ids }: Situation): Chosen | { problem: Problem } {
  const [match, ...others] = loaded.matches;
  if (others.length > 0) {
    return { problem: { name: "duplicate-identifier", detail: "The identifiers belong to different patients." } };
  }
  if (!match) {
    return { patientId: ids.patient, change: { id: ids.patient, isNew: true, personal: patient }, amended: null };
  }
  if (match.activeEnrolment !== null) {
    const detail = "The patient is active on this pathway already.";
    return { problem: { name: "duplicate-enrolment", detail, enrolment: match.activeEnrolment } };
  }
  const { id } = match.patient;
  const known = match.patient.reveal();
  const identifiers = known && unite(known.identifiers, patient.identifiers);
  if (!known || identifiers!.length === known.identifiers.length) return { patientId: id, change: null, amended: null };
  const personal: PatientInput = { ...known, identifiers: identifiers! };
  return { patientId: id, change: { id, isNew: false, personal }, amended: identifiers as unknown as Json };
}

type Identifiers = PatientInput["identifiers"];

function unite(known: Identifiers, given: Identifiers): Identifiers {
  const nameOf = ({ system, value }: Identifiers[number]): string => JSON.stringify([system, value]);
  const names = new Set(known.map(nameOf));
  return [...known, ...given.filter((identifier) => !names.has(nameOf(identifier)))];
}
