import type { Json } from "../../core/index.js";
import type { Enrol, Identifier, PatientInput } from "../model/commands.js";
import { cleanPatient } from "../model/identifiers.js";
import type { PatientChange } from "../model/decision.js";
import { sameNames } from "../model/patient-tokens.js";
import type { Refusal } from "../model/refusals.js";
import { joinedTo, ownerOf, tooMany, unite, without, type Joined } from "./identifiers.js";
import type { Situation } from "./situation.js";

export interface Chosen {
  /** Whose the enrolment is, and who stands for that person: mostly the same. */
  patientId: string;
  personId: string;
  change: PatientChange | null;
  /** Of the record whose the enrolment is, where another one stands for it and the request brought a new identifier. */
  own: PatientChange | null;
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
 * identifiers that are new are added, so that the next request finds the patient by any of them. Of a person with several
 * records it is the one whose identifiers are named: it takes the enrolment along should they turn out to be two persons.
 */
export function choosePatient(command: Enrol, { loaded, ids }: Situation): Chosen | { refusal: Refusal } {
  const patient = withoutNoise(cleanPatient(command.patient));
  const [match, ...others] = loaded.matches;
  if (others.length > 0) {
    const patients = loaded.matches.map(({ patient: { id } }) => id);
    return { refusal: { name: "duplicate-identifier", of: "several", patients } };
  }
  if (!match) {
    const change: PatientChange = { id: ids.patient, isNew: true, personId: ids.patient, personal: patient };
    return { ...of(ids.patient), change };
  }
  const active = match.stays.find(({ until }) => until === null);
  const { id } = match.patient;
  const known = match.patient.reveal();
  const joined = joinedTo(id, loaded);
  // Whoever is given as one of the records has it is right about the person.
  const records = known ? [known, ...joined.map(({ personal }) => personal)] : [];
  const [differs = []] = records.map((record) => differences(record, patient)).sort((a, b) => a.length - b.length);
  if (active) {
    const refusal = { name: "duplicate-enrolment", enrolment: active.enrolmentId } as const;
    return { refusal: { ...refusal, ...(differs.length > 0 && { differs }) } };
  }
  if (!known) return of(id);
  const identifiers = unite(known.identifiers, patient.identifiers);
  const many = tooMany(known.identifiers, identifiers, "/patient/identifiers");
  if (many) return { refusal: many };
  const owner = namedOf(patient.identifiers, known.identifiers, joined);
  const isAnother = records.every((record) => looksLikeAnother(record, patient));
  const chosen: Chosen = { ...of(id), patientId: owner?.id ?? id, differs, isAnother };
  if (identifiers.length === known.identifiers.length) return chosen;
  const added = without(identifiers, known.identifiers);
  return {
    ...chosen,
    change: { id, isNew: false, personId: id, personal: { ...known, identifiers } },
    own: owner && { ...owner, isNew: false, personId: id, personal: withIdentifiers(owner.personal, added) },
    amended: identifiers as unknown as Json,
  };
}

function of(id: string): Chosen {
  return { patientId: id, personId: id, change: null, own: null, amended: null, differs: [], isAnother: false };
}

/** The record whose identifiers are named, and no other's; null: that of the head. */
function namedOf(given: readonly Identifier[], known: readonly Identifier[], joined: readonly Joined[]): Joined | null {
  const named = without(known, without(known, given));
  const owners = new Set(named.map((identifier) => ownerOf(identifier, joined)));
  const [owner] = owners;
  return (owners.size === 1 && owner) || null;
}

function withIdentifiers(personal: PatientInput, added: readonly Identifier[]): PatientInput {
  return { ...personal, identifiers: unite(personal.identifiers, added) };
}

/** That a birth date is not unknown says nothing beside it. */
function withoutNoise({ birthDateUnknown, ...patient }: PatientInput): PatientInput {
  return { ...patient, ...(birthDateUnknown && { birthDateUnknown }) };
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

function differences(known: PatientInput, given: PatientInput): string[] {
  return FIELDS.filter((field) => differ(field, known[field], given[field]));
}

/** A birth date may be given as a month or a year: that is no other one. */
function differ(field: (typeof FIELDS)[number], known: string | undefined, given: string | undefined): boolean {
  if (given === undefined || given === known) return false;
  return !(field === "birthDate" && known && (known.startsWith(given) || given.startsWith(known)));
}
