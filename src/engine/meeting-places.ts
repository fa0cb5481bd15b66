import { isKeyed, namedIdentifiers, type Command, type Identifier, type Idempotency } from "./model/commands.js";
import { identifierText } from "./model/identifiers.js";

/** Rows and keys in which a command may meet another one under way in this process. */
export function meetingPlaces(command: Command): string[] {
  switch (command.kind) {
    case "enrol":
      return [...keyOf(command.actor.person, command.idempotency), ...identifiersOf(namedIdentifiers(command))];
    case "amendPatient":
      return [enrolment(command.enrolmentId), ...identifiersOf(namedIdentifiers(command))];
    // Rare, and nobody knows yet which enrolments they concern: one by one, and the rows' locks do the rest.
    case "joinPatients":
    case "partPatient":
      return ["persons", ...(command.idempotency ? keyOf(command.actor.person, command.idempotency) : [])];
    default:
      return [enrolment(command.enrolmentId)];
  }
}

/** Roughly, in bytes: what was typed. */
export function sizeOf(command: Command): number {
  return isKeyed(command) ? (command.idempotency?.request.length ?? 0) : 0;
}

const enrolment = (id: string): string => `enrolment ${id}`;

const keyOf = (person: string, { route, key }: Idempotency): string[] => [
  `key ${JSON.stringify([person, route, key])}`,
];

function identifiersOf(identifiers: readonly Identifier[]): string[] {
  return identifiers.map((identifier) => `identifier ${identifierText(identifier)}`);
}
