import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import type { FastifyRequest } from "fastify";
import type { Observable } from "rxjs";
import type { DataFault } from "../core/index.js";
import { ProblemError } from "./problems.js";
import { isUuid } from "../platform/uuid.js";
import type { CalledRequest } from "./called.js";
import { contractOf, type RouteContract } from "./contract.js";
import { bodyFaults, invalidData, readParameters } from "./validation.js";

const JSON_ONLY = ["application/json"] as const;

/** Holds each request against its route's contract, after the guard and before the handler. */
@Injectable()
export class ContractInterceptor implements NestInterceptor {
  constructor(private readonly modules: ModuleRef) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const contract = contractOf(request);
    const faults = contract ? keep(contract, request) : [];
    return faults.length === 0 ? next.handle() : this.refuse(contract!, request, faults);
  }

  private async refuse({ judge }: RouteContract, request: CalledRequest, form: DataFault[]): Promise<never> {
    const more = judge ? await this.modules.get(judge, { strict: false }).faultsOf(request, form) : [];
    throw invalidData([...form, ...more]);
  }
}

/** Throws where the request cannot be read; what is wrong with its body comes back. */
function keep(contract: RouteContract, request: FastifyRequest): DataFault[] {
  keepPath(contract, request);
  keepQuery(contract, request);
  keepIdempotency(contract, request);
  return bodyFaultsOf(contract, request);
}

/** A path that breaks its schema names nothing that could exist. */
function keepPath(contract: RouteContract, request: FastifyRequest): void {
  if (!contract.params) return;
  const read = readParameters(contract.params, request.params);
  if ("faults" in read) throw new ProblemError({ name: "not-found", detail: "There is nothing at this address." });
  request.params = Object.fromEntries(
    Object.entries(read.value as object).map(([name, value]) => [name, oneSpelling(value)]),
  );
}

/** Ids are stored in lower case, and what is sealed is bound to them. */
function oneSpelling(value: unknown): unknown {
  return typeof value === "string" && isUuid(value) ? value.toLowerCase() : value;
}

function keepQuery(contract: RouteContract, request: FastifyRequest): void {
  // `cursor=` says no more than its absence; `dryRun=` must not turn a try-out into a fact.
  const given = Object.fromEntries(
    Object.entries(request.query as object).filter(([name, value]) => value !== "" || name === "dryRun"),
  );
  if (!contract.query) {
    const unknown = Object.keys(given).map((name) => ({ pointer: `/${name}`, detail: "This parameter is unknown." }));
    if (unknown.length) throw malformedQuery(unknown);
    return;
  }
  const read = readParameters(contract.query, given);
  if ("faults" in read) throw malformedQuery(read.faults);
  request.query = read.value;
}

function malformedQuery(errors: { pointer: string; detail: string }[]): ProblemError {
  return new ProblemError({ name: "malformed-request", detail: "The query has faults.", errors });
}

function keepIdempotency(contract: RouteContract, request: FastifyRequest): void {
  if (!contract.idempotency || isDryRun(request)) return;
  const key = request.headers["idempotency-key"];
  if (key === undefined && contract.idempotency === "optional") return;
  if (typeof key === "string" && key.length >= 1 && key.length <= 255) return;
  throw new ProblemError({
    name: "idempotency-key-missing",
    detail: "Send the header Idempotency-Key with 1 to 255 characters of your choice.",
  });
}

export function isDryRun(request: FastifyRequest): boolean {
  return (request.query as { dryRun?: unknown }).dryRun === true;
}

function bodyFaultsOf(contract: RouteContract, request: CalledRequest): DataFault[] {
  if (!contract.body) return [];
  const consumes = contract.consumes ?? JSON_ONLY;
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== undefined && !consumes.includes(type)) {
    throw new ProblemError({ name: "unsupported-media-type", detail: `This route reads ${consumes.join(", ")}.` });
  }
  if (request.body === undefined || request.body === null) {
    throw new ProblemError({ name: "malformed-request", detail: `This route needs a body (${consumes.join(", ")}).` });
  }
  return [...(request.textFaults ?? []), ...bodyFaults(contract.body, request.body)];
}
