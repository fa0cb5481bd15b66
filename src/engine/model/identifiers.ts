/** The normal forms of identifiers: what looks alike is one, and what came in before there were such rules is still found. */
import { cleanName, visible } from "../../core/index.js";
import type { Identifier, PatientInput } from "./commands.js";

/** That one patient has; joined records may list more together. */
export const MOST_IDENTIFIERS = 20;

/** An event's origin. */
export interface Source {
  system: string;
  id: string;
}

/** The value of an identifier without what is invisible, case, width and space. */
export function identifierValue(value: string): string {
  return formerIdentifierValue(visible(value));
}

/** One text for all ways to write the same identifier. */
export function identifierText({ system, value }: Identifier): string {
  return JSON.stringify([systemText(system), identifierValue(value)]);
}

/** As it was until invisible characters were dropped; it differs only where there are some, or width in the system. */
export function formerIdentifierText({ system, value }: Identifier): string {
  return JSON.stringify([system.trim().toLowerCase(), formerIdentifierValue(value)]);
}

export function formerIdentifierValue(value: string): string {
  return value.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
}

/** Whether two events come from the same place. Case counts in an id: a machine's may differ in nothing else. */
export function isSameSource(a: Source, b: Source): boolean {
  return visible(a.id) === visible(b.id) && systemText(a.system) === systemText(b.system);
}

const systemText = (system: string): string => visible(system).normalize("NFKC").trim().toLowerCase();

/** A source as it is recorded. */
export function cleanSource({ system, id }: Source): Source {
  return { system: visible(system), id: visible(id) };
}

type Cleaned = Partial<Pick<PatientInput, "identifiers">> & {
  addIdentifiers?: Identifier[];
  familyName?: string | null;
  givenName?: string | null;
};

/** Personal data as it is kept. */
export function cleanPatient<Given extends Cleaned>(given: Given): Given {
  const { identifiers, addIdentifiers, familyName, givenName } = given;
  return {
    ...given,
    ...(identifiers && { identifiers: cleanIdentifiers(identifiers) }),
    ...(addIdentifiers && { addIdentifiers: cleanIdentifiers(addIdentifiers) }),
    ...(familyName && { familyName: cleanName(familyName) }),
    ...(givenName && { givenName: cleanName(givenName) }),
  };
}

/** Of those that are the same, the first. */
function cleanIdentifiers(given: readonly Identifier[]): Identifier[] {
  const texts = given.map(identifierText);
  return given
    .filter((identifier, index) => texts.indexOf(identifierText(identifier)) === index)
    .map(({ system, value }) => ({ system: visible(system), value: visible(value) }));
}
