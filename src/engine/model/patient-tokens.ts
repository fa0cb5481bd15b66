/** The words of a name as they are searched for: without case and accents. */
export function nameTokens(name: string): string[] {
  // Upper case first turns the sharp s into two letters.
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase().toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])];
}

/** The value of an identifier without case and space. */
export function identifierValue(value: string): string {
  return value.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
}

/** One text for all ways to write the same identifier. */
export function identifierText({ system, value }: { system: string; value: string }): string {
  return JSON.stringify([system.trim().toLowerCase(), identifierValue(value)]);
}
