import { createParamDecorator, type ExecutionContext } from "@nestjs/common";
import type { FastifyRequest } from "fastify";
import { canonicalJson } from "../core/index.js";
import type { Idempotency } from "../engine/index.js";
import { isDryRun } from "./contract.interceptor.js";

/** The request's key with what it must always stand for; undefined on a dry run or where none was sent. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): Idempotency | undefined => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string" || isDryRun(request)) return undefined;
  const path = request.url.split("?")[0];
  return { route: `${request.method} ${path}`, key, request: canonicalJson({ path, body: request.body ?? null }) };
});
