import type { Remedy } from "../http/index.js";

const RED_FLAG = "redFlag.reported";

/** Signs are words such as `newWeakness`; anything else may be personal and is not repeated. */
const SIGN = /^[A-Za-z]{1,40}$/;

/**
 * A report whose envelope is wrong, or whose reporter may report nothing at all, never reaches the engine, which would
 * offer to report its red flags alone. None may be lost with it.
 */
export function offerRedFlags(body: unknown): Remedy | undefined {
  const { type, data } = (body ?? {}) as { type?: unknown; data?: unknown };
  const { redFlags, signs } = (data ?? {}) as { redFlags?: unknown; signs?: unknown };
  const given = type === RED_FLAG ? signs : redFlags;
  const found = Array.isArray(given) ? given.filter((sign) => typeof sign === "string" && SIGN.test(sign)) : [];
  if (found.length === 0) return undefined;
  return {
    detail: `The red flags in it are not recorded: have them reported with ${RED_FLAG} now.`,
    offer: { type: RED_FLAG, data: { signs: found } },
  };
}
