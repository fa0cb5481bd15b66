import { Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** One registry per process, handed around rather than global, so that tests may have several. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

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
