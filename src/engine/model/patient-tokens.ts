/**
 * What a patient is found by. Nothing but keyed hashes of these texts is stored, so that only whole ones are found: each
 * way in which somebody may write a name is a text of its own.
 */
import { foldLetters } from "./fold-letters.js";

/** Raise it with any change to what is stored here: at the next start patients on record are given their tokens anew. */
export const TOKEN_SCHEME = 2;

interface Named {
  familyName?: string;
  givenName?: string;
}

/** All that are typed for an apostrophe, those that Unicode takes for letters or accents included. */
const APOSTROPHES = /['’‘‛`´′ʹʻʼʽʾʿ＇]/gu;

const wordsOf = (text: string): string[] => foldLetters(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words of a name as they are searched for: without case, accents and apostrophes. */
export function nameTokens(name: string): string[] {
  return [...new Set(wordsOf(name.replace(APOSTROPHES, "")))];
}

/** A name is written together in many ways: `O Brien`, `Anne-Marie`, and in Chinese as a whole. */
function joined(name: string): string {
  return wordsOf(name.replace(APOSTROPHES, "")).join("");
}

/** Words and joined words by which the names can be found. */
export function searchableNames({ familyName = "", givenName = "" }: Named): string[] {
  const names = [familyName, givenName];
  const [family, given] = [joined(familyName), joined(givenName)];
  const words = names.flatMap((name) => [...nameTokens(name), ...wordsOf(name.replace(APOSTROPHES, " "))]);
  const terms = names.flatMap((name) => name.split(/\s+/)).map(joined);
  const found = new Set([...words, ...terms, family, given, family + given, given + family]);
  return [...found].filter((text) => text !== "");
}

/** What is searched for in names: of each word the texts of which one at least must be a patient's. */
export function wantedNames(terms: readonly string[]): string[][] {
  const whole = terms.map(joined).join("");
  return terms.flatMap((term) => nameTokens(term).map((word) => [...new Set([word, joined(term), whole])]));
}

/** The same for two people whose names are the same, in whatever order and spelling. */
export function sameNames({ familyName = "", givenName = "" }: Named): string {
  return [...nameTokens(familyName), ...nameTokens(givenName)].sort().join(" ");
}

/** The date, its month and its year, or as much of it as is known: the coarsest first. */
export function birthDateParts(birthDate: string): string[] {
  const parts = birthDate.split("-");
  return parts.map((_, index) => parts.slice(0, index + 1).join("-"));
}
