/** The words of a name as they are searched for: without case and accents. */
export function nameTokens(name: string): string[] {
  // Upper case first turns the sharp s into two letters.
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase().toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])];
}
