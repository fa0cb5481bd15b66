/**
 * Letters of living alphabets that Unicode does not decompose, as people type them who have no such key: after the
 * transform Latin-ASCII of the Unicode CLDR (common/transforms/Latin-ASCII.xml). Lower case alone: the others are
 * lowered first, and the sharp s falls apart when it is raised.
 */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ı: "i", ħ: "h", ŋ: "n", ŧ: "t", ĸ: "q" },
  ...{ ɓ: "b", ƈ: "c", ɖ: "d", ɗ: "d", ɛ: "e", ƒ: "f", ɠ: "g", ǥ: "g", ɨ: "i", ɩ: "i", ƙ: "k", ƚ: "l", ɲ: "n" },
  ...{ ƞ: "n", ƥ: "p", ƭ: "t", ʈ: "t", ʉ: "u", ʋ: "v", ƴ: "y", ƶ: "z", ȥ: "z" },
};

const LETTERS = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "g");

/** A text without case, accents, width and whatever else does not tell one name from another. */
export function foldLetters(text: string): string {
  const bare = text.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "");
  return bare
    .toUpperCase()
    .toLowerCase()
    .replace(LETTERS, (letter) => PLAIN[letter]!);
}
