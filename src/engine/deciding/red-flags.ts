import { EXITED, type JsonObject, type Pathway } from "../../core/index.js";
import type { Refusal, RefusalName } from "../model/refusals.js";

/** What no longer fits because of it is set aside at once and listed in the answer (fold.md F6). */
export function isNeverAskedBack(pathway: Pathway, type: string, data: JsonObject): boolean {
  return type === EXITED || pathway.event(type)?.urgent === true || pathway.redFlags.carriedBy(type, data);
}

/** After these the same request cannot come again, or not before somebody else has done something. */
const LOSES_RED_FLAGS: ReadonlySet<RefusalName> = new Set<RefusalName>([
  "before-enrolment",
  "invalid-data",
  "invalid-time",
  "reporter-not-allowed",
]);

/**
 * A refusal of data with red flags names the event that reports these signs alone, so that none is lost. Only signs that
 * the pathway knows are repeated: anything else may be personal.
 */
export function keepRedFlags(refusal: Refusal, pathway: Pathway, type: string, data: JsonObject): Refusal {
  const { event, signs: field, signsIn } = pathway.redFlags;
  if (!LOSES_RED_FLAGS.has(refusal.name) || !pathway.event(event)) return refusal;
  const signs = signsIn(type, data).filter((sign) => pathway.validate(event, { [field]: [sign] }).length === 0);
  return signs.length === 0 ? refusal : { ...refusal, redFlags: { type: event, data: { [field]: signs } } };
}
