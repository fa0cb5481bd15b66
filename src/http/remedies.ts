import type { CalledRequest } from "./called.js";
import type { Problem, ProblemName } from "./problems.js";

/** What to do about something that a refused request would take with it: a sentence, and a report that is ready to be sent. */
export interface Remedy {
  detail: string;
  offer: { type: string; data: object };
}

export interface Remedies {
  remedyFor(refused: CalledRequest): Promise<Remedy | undefined>;
}

/** After these the same request comes again as it is, or they say themselves what is to be done. */
const NEED_NO_REMEDY: ReadonlySet<ProblemName> = new Set([
  "consequences",
  "exited",
  "signed-out",
  "unavailable",
  "internal",
]);

/** It makes no such offer of its own. */
export function needsRemedy({ name, offer }: Problem): boolean {
  return !NEED_NO_REMEDY.has(name) && (offer as { type?: string } | undefined)?.type === undefined;
}

/** Beside any other offer, in the last sentence. */
export function remedied(problem: Problem, { detail, offer }: Remedy): Problem {
  return {
    ...problem,
    detail: `${problem.detail} ${detail}`,
    offer: { ...(problem["offer"] as object | undefined), ...offer },
  };
}
