import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { Histogram, type Registry } from "prom-client";

export type HttpDurations = Histogram<"method" | "route" | "status">;

/** By the route's pattern: a path would carry ids, and each would be a series of its own. */
export function createHttpDurations(registry: Registry): HttpDurations {
  return new Histogram({
    name: "pathkeeper_http_request_duration_seconds",
    help: "How long requests took, by method, route and status.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
}

/** Probes come every few seconds and say nothing when they pass. */
const PROBES = /^\/(health|metrics)/;

/** One line and one measurement per request: its id, the route's pattern, the status and the time. Never the URL or a body. */
export function observeHttp(server: FastifyInstance, logger: Logger, durations: HttpDurations): void {
  server.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  server.addHook("onResponse", (request: FastifyRequest, reply: FastifyReply, done) => {
    const route = request.is404 ? "none" : (request.routeOptions.url ?? "none");
    const { method } = request;
    const status = reply.statusCode;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    if (!isEndless(reply)) durations.observe({ method, route, status }, reply.elapsedTime / 1_000);
    logger[PROBES.test(route) && status < 500 ? "debug" : "info"]({
      msg: "request",
      request: request.id,
      method,
      route,
      status,
      ms,
    });
    done();
  });
}

/** A stream lasts as long as somebody follows it: that says nothing of how fast we are. */
function isEndless(reply: FastifyReply): boolean {
  return String(reply.getHeader("content-type")).startsWith("text/event-stream");
}
