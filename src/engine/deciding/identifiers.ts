import type { Identifier, PatientChanges, PatientInput } from "../model/commands.js";
import type { PatientChange } from "../model/decision.js";
import type { Loaded } from "../model/loaded.js";
import { identifierText, MOST_IDENTIFIERS } from "../model/identifiers.js";
import { faultAt, type DataFault, type Refusal } from "../model/refusals.js";

/**
 * A record that another one stands for, with what it says. The head lists the identifiers of all; each of the others
 * goes on listing those that are its own, and takes them along when the records part.
 */
export interface Joined {
  id: string;
  personal: PatientInput;
}

/** Without those whose key is destroyed: nobody knows any more what they say. */
export function joinedTo(head: string, { persons }: Loaded): Joined[] {
  const joined = (persons?.patients ?? []).filter(({ id, personId }) => personId === head && id !== head);
  return joined.flatMap((patient) => {
    const personal = patient.reveal();
    return personal ? { id: patient.id, personal } : [];
  });
}

/** Whose an identifier of the head is; undefined: its own. */
export function ownerOf(identifier: Identifier, joined: readonly Joined[]): Joined | undefined {
  const text = identifierText(identifier);
  return joined.find(({ personal }) => personal.identifiers.some((each) => identifierText(each) === text));
}

/** Those known, and those given that are new, however they are written. */
export function unite(known: readonly Identifier[], given: readonly Identifier[]): Identifier[] {
  const byText = new Map<string, Identifier>();
  for (const identifier of [...known, ...given]) {
    const text = identifierText(identifier);
    if (!byText.has(text)) byText.set(text, identifier);
  }
  return [...byText.values()];
}

export function without(known: readonly Identifier[], given: readonly Identifier[]): Identifier[] {
  const texts = new Set(given.map(identifierText));
  return known.filter((identifier) => !texts.has(identifierText(identifier)));
}

/** Joined records may list more together: then they are only not to become more. */
export function tooMany(
  known: readonly Identifier[],
  changed: readonly Identifier[],
  pointer: string,
): Refusal | undefined {
  if (changed.length <= Math.max(MOST_IDENTIFIERS, known.length)) return undefined;
  return { name: "invalid-data", errors: [{ pointer, code: "too-many-identifiers", most: MOST_IDENTIFIERS }] };
}

/** All of them given anew, or single ones added and removed: so two people at once never undo each other's change. */
export function changeIdentifiers(
  known: readonly Identifier[],
  { identifiers, addIdentifiers = [], removeIdentifiers = [] }: PatientChanges,
  joined: readonly Joined[],
): { changed: Identifier[] } | { refusal: Refusal } {
  if (identifiers && addIdentifiers.length + removeIdentifiers.length > 0) {
    return { refusal: faultAt("/identifiers", "identifiers-twice") };
  }
  if (identifiers?.length === 0) return { refusal: faultAt("/identifiers", "no-identifier") };
  const texts = new Set(known.map(identifierText));
  const errors = removeIdentifiers.flatMap((identifier, index): DataFault[] => {
    const pointer = `/removeIdentifiers/${index}`;
    return texts.has(identifierText(identifier)) ? [] : [{ pointer, code: "unknown-identifier" }];
  });
  if (errors.length > 0) return { refusal: { name: "invalid-data", errors } };
  const changed = identifiers ? unite([], identifiers) : without(unite(known, addIdentifiers), removeIdentifiers);
  const many = tooMany(known, changed, identifiers ? "/identifiers" : "/addIdentifiers");
  if (many) return { refusal: many };
  const pointer = identifiers ? "/identifiers" : "/removeIdentifiers";
  if (changed.length === 0 && known.length > 0) return { refusal: faultAt(pointer, "no-identifier") };
  if (leavesOneWithout(known, changed, joined)) return { refusal: faultAt(pointer, "no-identifier-of-joined") };
  return { changed };
}

/** Each record keeps one of its own: once they part it would have none. */
function leavesOneWithout(
  known: readonly Identifier[],
  changed: readonly Identifier[],
  joined: readonly Joined[],
): boolean {
  const after = new Set(changed.map((identifier) => ownerOf(identifier, joined)));
  return known.some((identifier) => !after.has(ownerOf(identifier, joined)));
}

/** The records that listed what is given up as their own. */
export function givenUp(head: string, removed: readonly Identifier[], joined: readonly Joined[]): PatientChange[] {
  return joined.flatMap(({ id, personal }) => {
    const identifiers = without(personal.identifiers, removed);
    if (identifiers.length === personal.identifiers.length) return [];
    return { id, isNew: false, personId: head, personal: { ...personal, identifiers } };
  });
}
