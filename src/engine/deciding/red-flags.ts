import { EXITED, type Json, type JsonObject, type Pathway } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";

export const RED_FLAG = "redFlag.reported";

/** The signs that data carries, of whatever form: it may not have passed its schema. */
export function signsIn(type: string, data: JsonObject): Json[] {
  const signs = data[type === RED_FLAG ? "signs" : "redFlags"];
  return Array.isArray(signs) ? signs : [];
}

export function carriesRedFlags(type: string, data: JsonObject): boolean {
  return signsIn(type, data).length > 0;
}

/** What no longer fits because of it is set aside at once and listed in the answer (fold.md F6). */
export function isNeverAskedBack(pathway: Pathway, type: string, data: JsonObject): boolean {
  return type === EXITED || pathway.event(type)?.urgent === true || carriesRedFlags(type, data);
}

/**
 * A refusal of data with red flags offers to report these signs alone, so that none is lost. Only signs that the
 * pathway knows are repeated: anything else may be personal.
 */
export function offerRedFlags(problem: Problem, pathway: Pathway, type: string, data: JsonObject): Problem {
  if (!carriesRedFlags(type, data) || !pathway.event(RED_FLAG)) return problem;
  const signs = signsIn(type, data).filter((sign) => pathway.validate(RED_FLAG, { signs: [sign] }).length === 0);
  if (signs.length === 0) return problem;
  const detail = `${problem.detail} The red flags in it are not recorded: report them with ${RED_FLAG} now.`;
  return { ...problem, detail, offer: { ...(problem["offer"] as object), type: RED_FLAG, data: { signs } } };
}
