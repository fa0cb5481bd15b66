const STORED = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Spelled as they are stored, in lower case. */
export function isStoredUuid(text: string): boolean {
  return STORED.test(text);
}

/** In either case, as people and other systems may type it. */
export function isUuid(text: string): boolean {
  return STORED.test(text.toLowerCase());
}
