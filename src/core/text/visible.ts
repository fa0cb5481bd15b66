/** What shows nothing: format and control characters, variation selectors, fillers, and the blank of Braille. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Tabs and breaks between words are no control over anything: they stand for a blank. */
const BREAKS = /[\t\n\v\f\r\u0085]+/g;
const CONTROLS = /[\p{Cc}\p{Bidi_Control}]/gu;

/** An identifier as it is kept: without what nobody sees, inside or around it. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, "").trim();
}

/**
 * A name as it is kept: without control characters, those that turn the direction of writing among them, and without outer
 * blanks. Joiners stay: in some scripts they are part of how a name is spelled.
 */
export function cleanName(name: string): string {
  return name.replace(BREAKS, " ").replace(CONTROLS, "").trim();
}
