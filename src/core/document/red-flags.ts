import type { Json, JsonObject, PathwayDocument } from "./document.js";

/** How events of a pathway carry red flags. Such an event is never asked back (fold.md F6). */
export interface RedFlags {
  /** The event that reports signs and nothing else. */
  readonly event: string;
  /** The field of its data that lists them. */
  readonly signs: string;
  /** The field that lists them in the data of any other event. */
  readonly field: string;
  /** The signs that data carries, of whatever form: it may not have passed its schema. */
  signsIn(type: string, data: JsonObject): Json[];
  carriedBy(type: string, data: JsonObject): boolean;
}

/** As the document says; the names that a document leaves out are the usual ones. */
export function makeRedFlags(declared: PathwayDocument["redFlags"] = {}): RedFlags {
  const { event = "redFlag.reported", signs = "signs", field = "redFlags" } = declared;
  const signsIn = (type: string, data: JsonObject): Json[] => {
    const name = type === event ? signs : field;
    const listed = Object.hasOwn(data, name) ? data[name] : undefined;
    return Array.isArray(listed) ? listed : [];
  };
  return { event, signs, field, signsIn, carriedBy: (type, data) => signsIn(type, data).length > 0 };
}
