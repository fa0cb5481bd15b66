import { type JsonObject, makeRedFlags } from "../core/index.js";
import type { EnrolmentSnapshot } from "../engine/index.js";
import { NOBODY_WATCHES, type Remedy } from "../http/index.js";

/** By the usual names: here nobody knows yet which pathway it is. */
const { event: RED_FLAG, signsIn } = makeRedFlags();

/** Signs are words such as `newWeakness`; anything else may be personal and is not repeated. */
const SIGN = /^[A-Za-z]{1,40}$/;

/** For a report, a correction or an enrolment with events that is not carried out: none of its red flags may be lost. */
export function offerRedFlags(body: unknown): Remedy | undefined {
  const { events } = (body ?? {}) as { events?: unknown };
  const signs = new Set([body, ...(Array.isArray(events) ? events : [])].flatMap(signsOf));
  if (signs.size === 0) return undefined;
  return {
    detail: `The red flags in it are not recorded: have them reported with ${RED_FLAG} now.`,
    offer: { type: RED_FLAG, data: { signs: [...signs] } },
  };
}

/** A red flag of a time before the exit is taken, and yet opens nothing: whoever sends it must hear that. */
export function unwatched({ projection }: EnrolmentSnapshot, event: unknown): { notices?: string[] } {
  return projection.status === "exited" && signsOf(event).length > 0 ? { notices: [NOBODY_WATCHES] } : {};
}

function signsOf(event: unknown): string[] {
  const { type, data } = (event ?? {}) as { type?: unknown; data?: unknown };
  const signs = signsIn(String(type), (data ?? {}) as JsonObject);
  return signs.filter((sign): sign is string => typeof sign === "string" && SIGN.test(sign));
}
