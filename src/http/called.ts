import type { FastifyRequest } from "fastify";

/** A request once it is known who asks. */
export interface CalledRequest extends FastifyRequest {
  person?: { id: string };
}
