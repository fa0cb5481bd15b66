import {
  isKeyed,
  namedIdentifiers,
  type AboutPersons,
  type Command,
  type Enrol,
  type Identifier,
} from "./model/commands.js";
import { identifierText } from "./model/identifiers.js";
import { sameNames } from "./model/patient-tokens.js";

/** Rows and keys in which a command may meet another one under way in this process. */
export function meetingPlaces(command: Command): string[] {
  switch (command.kind) {
    case "enrol":
      return [...keyOf(command), ...identifiersOf(namedIdentifiers(command)), ...likenessOf(command)];
    case "amendPatient":
      return [enrolment(command.enrolmentId), ...identifiersOf(namedIdentifiers(command))];
    // Rare, and nobody knows yet which enrolments they concern: one by one, and the rows' locks do the rest.
    case "joinPatients":
    case "partPatient":
      return ["persons", ...keyOf(command)];
    default:
      return [enrolment(command.enrolmentId)];
  }
}

/** Roughly, in bytes: what was typed. */
export function sizeOf(command: Command): number {
  return isKeyed(command) ? (command.idempotency?.request.length ?? 0) : 0;
}

const enrolment = (id: string): string => `enrolment ${id}`;

const keyOf = ({ actor: { person }, idempotency }: Enrol | AboutPersons): string[] =>
  idempotency ? [`key ${JSON.stringify([person, idempotency.route, idempotency.key])}`] : [];

/** Two who look alike come one after the other, so that the second is told of the first. */
function likenessOf({ patient }: Enrol): string[] {
  return patient.birthDate === undefined ? [] : [`likeness ${sameNames(patient)} ${patient.birthDate.slice(0, 4)}`];
}

function identifiersOf(identifiers: readonly Identifier[]): string[] {
  return identifiers.map((identifier) => `identifier ${identifierText(identifier)}`);
}
