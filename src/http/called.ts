import type { FastifyRequest } from "fastify";
import type { DataFault } from "../core/index.js";

/** A request once it is known who asks. */
export interface CalledRequest extends FastifyRequest {
  person?: { id: string };
  /** Of its body as a text, whatever the route asks for. */
  textFaults?: DataFault[];
}
