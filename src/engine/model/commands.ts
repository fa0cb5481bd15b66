import type { JsonObject, Role, When } from "../../core/index.js";
import type { WokenBy } from "./committed.js";

/** Who asks: a person (or a machine) with the roles held at the site concerned. */
export interface Actor {
  person: string;
  roles: readonly Role[];
}

/** Somebody named in a request. `roles` are those held at the site concerned; absent: nobody there knows the person. */
export interface Performer {
  person: string;
  roles?: readonly Role[];
}

/** `request` is the canonical JSON of the body and route; the engine keeps its keyed hash only. */
export interface Idempotency {
  route: string;
  key: string;
  request: string;
}

/** A fact as somebody reports it. Free text may stand in `data` and `note`: it is sealed before it is written. */
export interface Reported {
  type: string;
  /** Absent: now. */
  occurredAt?: When;
  data: JsonObject;
  note?: string;
  /** Who did it, where somebody else or a machine reports it. */
  performer?: Performer;
  source?: { system: string; id: string };
  confirm?: boolean;
}

export interface Identifier {
  system: string;
  value: string;
}

export interface PatientInput {
  identifiers: Identifier[];
  /** One of the two names at least. */
  familyName?: string;
  givenName?: string;
  /** A date, a month or a year; absent only where `birthDateUnknown` says so. */
  birthDate?: string;
  birthDateUnknown?: boolean;
  phone?: string;
  email?: string;
  /** A BCP 47 tag. */
  language?: string;
  contactConsent?: { email?: boolean; sms?: boolean; phone?: boolean };
}

/** What is given replaces what there was, of `contactConsent` field by field; null takes it away. */
export interface PatientChanges {
  identifiers?: Identifier[];
  addIdentifiers?: Identifier[];
  removeIdentifiers?: Identifier[];
  familyName?: string | null;
  givenName?: string | null;
  birthDate?: string;
  birthDateUnknown?: boolean;
  phone?: string | null;
  email?: string | null;
  language?: string | null;
  contactConsent?: PatientInput["contactConsent"];
}

export interface Enrol {
  kind: "enrol";
  actor: Actor;
  idempotency: Idempotency;
  pathway: string;
  version?: string;
  site: string;
  occurredAt?: When;
  events: Reported[];
  patient: PatientInput;
  /** A date far back is right, and the patient is who the identifier says. Of the enrolment itself; each event has its own. */
  confirm?: boolean;
}

export interface Report {
  kind: "report";
  actor: Actor;
  /** Absent only for a dry run. */
  idempotency?: Idempotency;
  enrolmentId: string;
  event: Reported;
  acceptConsequences?: boolean;
  keepAside?: boolean;
  reason?: string;
  ifSeq?: number;
  dryRun?: boolean;
}

export interface Correct {
  kind: "correct";
  actor: Actor;
  idempotency?: Idempotency;
  enrolmentId: string;
  /** `seq` of the event that is corrected. */
  corrects: number;
  occurredAt?: When;
  data?: JsonObject;
  strikeOut?: boolean;
  reason: string;
  confirm?: boolean;
  acceptConsequences?: boolean;
  ifSeq?: number;
  dryRun?: boolean;
}

/** A bell, or a reader (`event`): look at this enrolment. `timer` lets a late bell find another generation and do nothing. */
export interface Wake {
  kind: "wake";
  enrolmentId: string;
  by: WokenBy;
  timer?: { id: string; generation: number };
}

export interface OperateTask {
  kind: "operateTask";
  actor: Actor;
  idempotency?: Idempotency;
  enrolmentId: string;
  taskId: string;
  operation: { name: "claim" } | { name: "release" };
}

export interface AmendPatient {
  kind: "amendPatient";
  actor: Actor;
  idempotency?: Idempotency;
  enrolmentId: string;
  changes: PatientChanges;
  ifSeq?: number;
}

/** Two records turned out to be of one person, whose name is that of `sameAs`. */
export interface JoinPatients {
  kind: "joinPatients";
  actor: Actor;
  idempotency?: Idempotency;
  patientId: string;
  sameAs: string;
  reason: string;
}

/** What was said of this record is taken back; where nothing was, what was said of others about it. */
export interface PartPatient {
  kind: "partPatient";
  actor: Actor;
  idempotency?: Idempotency;
  patientId: string;
  reason: string;
}

/** They concern whole persons, with all their enrolments. */
export type AboutPersons = JoinPatients | PartPatient;

export function isAboutPersons(command: Command): command is AboutPersons {
  return command.kind === "joinPatients" || command.kind === "partPatient";
}

/** Another coordinator is responsible from now on. That `person` is one at the site is for whoever asks to know. */
export interface ChangeResponsible {
  kind: "changeResponsible";
  actor: Actor;
  idempotency?: Idempotency;
  enrolmentId: string;
  person: string;
  /** Only where this one is responsible still. */
  from?: string;
  reason?: string;
}

/** The doctor's: bring the rows of this enrolment's timers in line with its state and its document. */
export interface Repair {
  kind: "repair";
  enrolmentId: string;
}

export type Command =
  Enrol | Report | Correct | Wake | OperateTask | AmendPatient | ChangeResponsible | AboutPersons | Repair;

/** Identifiers by which a command may meet another patient. */
export function namedIdentifiers(command: Enrol | AmendPatient): Identifier[] {
  if (command.kind === "enrol") return command.patient.identifiers;
  const { identifiers = [], addIdentifiers = [] } = command.changes;
  return [...identifiers, ...addIdentifiers];
}

/** Commands that may carry a key. The others do nothing when they are done again. */
export type Keyed = Exclude<Command, Wake | Repair>;

export function isKeyed(command: Command): command is Keyed {
  return command.kind !== "wake" && command.kind !== "repair";
}
