import { Registry, collectDefaultMetrics } from "prom-client";

/** One registry per process, handed around rather than global, so that tests may have several. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
