import type { TObject, TSchema } from "typebox";
import { ProblemError, type ProblemName } from "./problems.js";

/**
 * Who may call a route at all. What a person may do with one enrolment also depends on the roles held at its site,
 * which the service checks once it knows the site.
 */
export type Access = "public" | "anyone" | "readPatients" | "writePatients" | "administer" | "audit";

/** A sentence for a problem's detail, and other members of it. */
export type Remedy = { detail: string } & Record<string, unknown>;

/** Everything the outside may rely on about one route: validation, permission and API description come from here. */
export interface RouteContract {
  summary: string;
  description?: string;
  access: Access;
  params?: TObject;
  query?: TObject;
  body?: TSchema;
  /** Media types that the body may have; default: JSON. */
  consumes?: readonly string[];
  answer: { status: number; description: string; schema?: TSchema; type?: string };
  /** Absent: the route changes nothing, or is not a POST. A dry run needs no key. */
  idempotency?: "required" | "optional";
  /** What a refused request must not take with it. */
  remedy?: (body: unknown) => Remedy | undefined;
  /** Those beyond what access, parameters and body bring along. */
  problems?: readonly ProblemName[];
}

/** After these the same request comes again, or they say themselves what is to be done. */
const NEED_NO_REMEDY: ReadonlySet<ProblemName> = new Set(["confirmation-required", "consequences", "exited"]);

/** The problem with the remedy that the route offers for this body, unless it makes an offer of its own. */
export function remedied(contract: RouteContract | undefined, body: unknown, error: ProblemError): ProblemError {
  const { problem } = error;
  const remedy = "offer" in problem || NEED_NO_REMEDY.has(problem.name) ? undefined : contract?.remedy?.(body);
  if (!remedy) return error;
  return new ProblemError({ ...problem, ...remedy, detail: `${problem.detail} ${remedy.detail}` });
}

export const ROUTE_CONTRACT = "pathkeeper:route-contract";

/** The problems that a route can answer with, in the order of their status. */
export function problemsOf(contract: RouteContract): ProblemName[] {
  const names = new Set<ProblemName>(contract.problems);
  if (contract.access !== "public") names.add("signed-out").add("forbidden");
  if (contract.params) names.add("not-found");
  if (contract.query || contract.body) names.add("malformed-request");
  if (contract.body) names.add("too-large").add("unsupported-media-type").add("invalid-data");
  if (contract.idempotency) names.add("idempotency-key-missing").add("key-reused");
  return [...names.add("unavailable").add("internal")];
}
