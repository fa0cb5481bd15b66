import { EXITED, type JsonObject, type Pathway } from "../../core/index.js";

/** What no longer fits because of it is set aside at once and listed in the answer (fold.md F6). */
export function isNeverAskedBack(pathway: Pathway, type: string, data: JsonObject): boolean {
  return type === EXITED || pathway.event(type)?.urgent === true || pathway.redFlags.carriedBy(type, data);
}
