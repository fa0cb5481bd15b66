import { type Json, type JsonObject, makeRedFlags, type Pathway } from "../core/index.js";

interface Told {
  type?: unknown;
  data?: unknown;
}

/** Where nobody knows which pathway it is: by the usual names, and signs are words such as `newWeakness`. */
const USUAL = makeRedFlags();
const SIGN = /^[A-Za-z]{1,40}$/;

/**
 * The report of all red flags in a request that was not carried out: a report, a correction or an enrolment with events.
 * Only signs that the pathway knows are repeated: anything else may be personal. Undefined where there are none.
 */
export function reportOfRedFlags(
  body: unknown,
  pathway: Pathway | undefined,
): { type: string; data: JsonObject } | undefined {
  const { event, signs: field } = pathway?.redFlags ?? USUAL;
  const { events } = (body ?? {}) as { events?: unknown };
  const told = [body, ...(Array.isArray(events) ? events : [])];
  const signs = new Set(told.flatMap((each) => signsOf(each, pathway)));
  return signs.size === 0 ? undefined : { type: event, data: { [field]: [...signs] } };
}

export function carriesRedFlags(event: Told, pathway: Pathway): boolean {
  return signsOf(event, pathway).length > 0;
}

function signsOf(event: unknown, pathway: Pathway | undefined): Json[] {
  const { type, data } = (event ?? {}) as Told;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return [];
  const { event: reporting, signsIn } = pathway?.redFlags ?? USUAL;
  // A correction does not name the type of what it corrects: either field may be meant.
  const types = type === undefined ? [reporting, ""] : [String(type)];
  return types.flatMap((each) => signsIn(each, data as JsonObject)).filter((sign) => isSign(sign, pathway));
}

function isSign(sign: Json, pathway: Pathway | undefined): boolean {
  if (!pathway) return typeof sign === "string" && SIGN.test(sign);
  const { event, signs } = pathway.redFlags;
  return pathway.event(event) !== undefined && pathway.validate(event, { [signs]: [sign] }).length === 0;
}
