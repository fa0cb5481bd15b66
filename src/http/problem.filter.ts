import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import type { FastifyReply } from "fastify";
import { type DataFault, ExpressionError } from "../core/index.js";
import { isUuid } from "../platform/uuid.js";
import type { CalledRequest } from "./called.js";
import { contractOf } from "./contract.js";
import { PROBLEM_JSON, problemBody, problemOf } from "./problem-answer.js";
import type { Problem } from "./problems.js";
import { needsRemedy, remedied } from "./remedies.js";
import { inRequestOrder } from "./request-order.js";

/** The only door through which an error leaves: always a problem, never a stack trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger("http");

  constructor(private readonly modules: ModuleRef) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<CalledRequest>();
    const problem = problemOf(error) ?? this.fault(error, request);
    const body = problemBody(await this.remedied(ordered(problem, request), request));
    if (body.status === 403) this.refused(body.type, request);
    const reply = http.getResponse<FastifyReply>();
    if (body.status === 401) void reply.header("www-authenticate", "Bearer");
    void reply.code(body.status).type(PROBLEM_JSON).send(JSON.stringify(body));
  }

  /** With what the route offers to whoever sent this, so that nothing in it is lost. */
  private async remedied(problem: Problem, request: CalledRequest): Promise<Problem> {
    const remedies = contractOf(request)?.remedies;
    if (!remedies || !needsRemedy(problem)) return problem;
    try {
      const remedy = await this.modules.get(remedies, { strict: false }).remedyFor(request);
      return remedy ? remedied(problem, remedy) : problem;
    } catch (error) {
      this.fault(error, request);
      return problem;
    }
  }

  private refused(problem: string, request: CalledRequest): void {
    const { id: given } = request.params as { id?: string };
    // Whatever else stands in a URL may be anything that somebody typed.
    const id = given !== undefined && isUuid(given) ? given : undefined;
    const { method, routeOptions } = request;
    this.logger.warn({ msg: "forbidden", problem, person: request.person?.id, method, route: routeOptions.url, id });
  }

  /** The message stays out of the log as well: a driver's may quote what somebody typed. */
  private fault(error: unknown, request: CalledRequest): Problem {
    this.logger.error({ msg: "fault", request: request.id, route: request.routeOptions.url, ...described(error) });
    if (error instanceof ExpressionError) return pathwayFault(error, request.id);
    return {
      name: "internal",
      detail: "Something went wrong here. Try again: with the same Idempotency-Key nothing happens twice.",
      request: request.id,
    };
  }
}

/** Places name what stands in the document and nothing of the patient. */
function pathwayFault({ place }: ExpressionError, request: string): Problem {
  const detail = `An expression of the pathway fails at ${place}: nothing was recorded. Tell whoever publishes the pathway; nothing is taken, and nothing becomes due, until it is mended.`;
  return { name: "pathway-fault", detail, place, request };
}

function ordered(problem: Problem, { body }: CalledRequest): Problem {
  const { errors } = problem;
  return Array.isArray(errors) ? { ...problem, errors: inRequestOrder(body, errors as DataFault[]) } : problem;
}

function described(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { fault: typeof error };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at "));
  const place = error instanceof ExpressionError ? error.place : undefined;
  return { fault: error.name, code, constraint, place, frames };
}
