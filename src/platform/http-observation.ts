import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { HttpDurations } from "./metrics.js";

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
    durations.observe({ method, route, status }, reply.elapsedTime / 1_000);
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
