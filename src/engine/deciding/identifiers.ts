import type { Identifier, PatientChanges } from "../model/commands.js";
import { identifierText } from "../model/identifiers.js";
import { faultAt, type DataFault, type Refusal } from "../model/refusals.js";

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

/** All of them given anew, or single ones added and removed: so two people at once never undo each other's change. */
export function changeIdentifiers(
  known: readonly Identifier[],
  { identifiers, addIdentifiers = [], removeIdentifiers = [] }: PatientChanges,
): { changed: Identifier[] } | { refusal: Refusal } {
  if (identifiers && addIdentifiers.length + removeIdentifiers.length > 0) {
    return { refusal: faultAt("/identifiers", "identifiers-twice") };
  }
  if (identifiers?.length === 0) return { refusal: faultAt("/identifiers", "no-identifier") };
  if (identifiers) return { changed: unite([], identifiers) };
  const texts = new Set(known.map(identifierText));
  const errors = removeIdentifiers.flatMap((identifier, index): DataFault[] => {
    const pointer = `/removeIdentifiers/${index}`;
    return texts.has(identifierText(identifier)) ? [] : [{ pointer, code: "unknown-identifier" }];
  });
  if (errors.length > 0) return { refusal: { name: "invalid-data", errors } };
  const changed = without(unite(known, addIdentifiers), removeIdentifiers);
  return changed.length > 0 ? { changed } : { refusal: faultAt("/removeIdentifiers", "no-identifier") };
}
