/** A fault of a document. */
export interface Fault {
  /** One sentence: what is wrong, where, and how to mend it. */
  message: string;
  /** JSON pointer into the document. */
  pointer: string;
  /** From 1; known where the text is at hand. */
  line?: number;
  column?: number;
}

/** A fault of an event's data. */
export interface DataFault {
  /** JSON pointer into the data; of the property itself also where it is missing or unknown. */
  pointer: string;
  /** One sentence that repeats nothing of what was typed: it may be personal. */
  detail: string;
}

/** Where a pointer stands in the text of a document. */
export type Locate = (pointer: string) => { line: number; column: number } | undefined;

/** The fault with its place in the text. */
export function locateFault(fault: Fault, locate?: Locate): Fault {
  return { ...fault, ...locate?.(fault.pointer) };
}

/** As editors and terminals understand it: `file:line:column: sentence`. */
export function formatFault(fault: Fault, file?: string): string {
  const place = [file, fault.line, fault.column].filter((part) => part !== undefined).join(":");
  return place === "" ? fault.message : `${place}: ${fault.message}`;
}

/** `a`, `b` and `c`. */
export function listed(names: readonly string[], word = "and"): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length < 2) return quoted.join("");
  return `${quoted.slice(0, -1).join(", ")} ${word} ${quoted.at(-1)}`;
}

/** The type, or the list of types, that a JSON Schema asks for. */
export function typeWords(type: unknown): string {
  const words: Record<string, string> = {
    string: "a text",
    number: "a number",
    integer: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    null: "null",
  };
  return [type]
    .flat()
    .map((name) => words[String(name)] ?? String(name))
    .join(" or ");
}

/** A name that may have been meant, as the tail of a sentence, or the names there are. */
export function meant(name: string, known: readonly string[], kind: string): string {
  const close = closest(name, known);
  if (close !== undefined) return `perhaps \`${close}\` is meant`;
  if (known.length === 0) return `there is no ${kind}`;
  return known.length === 1 ? `the only ${kind} is ${listed(known)}` : `known are ${listed(known.slice(0, 12))}`;
}

function closest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Letters to insert, leave out, replace or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j]!, before[j - 2]! + 1);
      }
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
