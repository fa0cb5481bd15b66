import type { Type } from "@nestjs/common";
import type { FastifyRequest } from "fastify";
import type { TObject, TSchema } from "typebox";
import type { DataFault } from "../core/index.js";
import type { Purpose } from "../reads/index.js";
import type { CalledRequest } from "./called.js";
import type { ProblemName } from "./problems.js";
import type { Remedies } from "./remedies.js";

/**
 * Who may call a route at all. What a person may do with one enrolment also depends on the roles held at its site,
 * which the service checks once it knows the site.
 */
export type Access = "public" | "anyone" | "readPatients" | "writePatients" | "administer" | "audit";

export interface FormJudge {
  /** What is wrong beside `form`, the faults of its form. */
  faultsOf(request: CalledRequest, form: readonly DataFault[]): Promise<DataFault[]>;
}

/** Everything the outside may rely on about one route: validation, permission and API description come from here. */
export interface RouteContract {
  summary: string;
  description?: string;
  access: Access;
  /** What persons' records are read for, where the route shows any: told of whoever is turned away at the door. */
  purpose?: Purpose;
  params?: TObject;
  query?: TObject;
  body?: TSchema;
  /** Media types that the body may have; default: JSON. */
  consumes?: readonly string[];
  answer: { status: number; description: string; schema?: TSchema; type?: string };
  /** Beside `answer`, with the same schema: where there was nothing to do. */
  nothingNew?: { status: number; description: string };
  /** Absent: the route changes nothing, or is not a POST. A dry run needs no key. */
  idempotency?: "required" | "optional";
  /** Who knows what a refused request must not take with it. */
  remedies?: Type<Remedies>;
  /** Who knows what else is wrong with a body whose form has faults, so that all of it is told at once. */
  judge?: Type<FormJudge>;
  /** Those beyond what access, parameters and body bring along. */
  problems?: readonly ProblemName[];
}

/** Of the route that a request came to; undefined where it came to none, or to one that states no contract. */
export function contractOf(request: FastifyRequest | CalledRequest): RouteContract | undefined {
  return (request.routeOptions?.config as { contract?: RouteContract } | undefined)?.contract;
}

/** The problems that a route can answer with, in the order of their status. */
export function problemsOf(contract: RouteContract): ProblemName[] {
  const names = new Set<ProblemName>(contract.problems);
  if (contract.access !== "public") names.add("signed-out").add("forbidden");
  if (contract.params) names.add("not-found");
  if (contract.query || contract.body) names.add("malformed-request");
  if (contract.body) names.add("too-slow").add("too-large").add("unsupported-media-type").add("invalid-data");
  if (contract.idempotency) names.add("idempotency-key-missing").add("key-reused");
  return [...names.add("unavailable").add("internal")];
}
