const DEEPEST = 64;

/**
 * The JSON pointer of the first part of a body that no record could hold, and why. PostgreSQL refuses NUL and lone
 * surrogates in text, and JSON has no number beyond a double's range; told here, they never become a fault of ours.
 */
export function unstorable(value: unknown, pointer = "", depth = 0): { pointer: string; detail: string } | undefined {
  if (depth > DEEPEST) return { pointer, detail: `The body is nested deeper than ${DEEPEST} levels.` };
  if (typeof value === "string") return textFault(value, pointer);
  if (typeof value === "number" && !Number.isFinite(value)) return { pointer, detail: "The number is out of range." };
  if (value === null || typeof value !== "object") return undefined;
  for (const [key, member] of Object.entries(value)) {
    const fault = textFault(key, pointer) ?? unstorable(member, `${pointer}/${escape(key)}`, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

function textFault(text: string, pointer: string): { pointer: string; detail: string } | undefined {
  if (text.includes("\0")) return { pointer, detail: "The text contains a NUL character, which cannot be stored." };
  // With the flag `u` a pair of surrogates is one character, so only lone ones are found.
  if (/\p{Surrogate}/u.test(text)) return { pointer, detail: "The text is not well-formed Unicode." };
  return undefined;
}

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
