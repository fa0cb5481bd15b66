import { createParamDecorator, type ExecutionContext } from "@nestjs/common";
import type { FastifyRequest } from "fastify";
import { canonicalJson } from "../core/index.js";
import type { Idempotency } from "../engine/index.js";
import { isDryRun } from "./contract.interceptor.js";

/** The same address has one spelling, however it was typed: the route with its parameters as they were read. */
function canonicalPath({ routeOptions, params }: FastifyRequest): string {
  return routeOptions.url!.replace(/:(\w+)/g, (_, name: string) => String((params as Record<string, unknown>)[name]));
}

/** The request's key with what it must always stand for; undefined on a dry run or where none was sent. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): Idempotency | undefined => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string" || isDryRun(request)) return undefined;
  const path = canonicalPath(request);
  return { route: `${request.method} ${path}`, key, request: canonicalJson({ path, body: request.body ?? null }) };
});
