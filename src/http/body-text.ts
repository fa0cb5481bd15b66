import type { FastifyRequest } from "fastify";
import { readUtf8 } from "../core/index.js";
import { ProblemError } from "./problems.js";

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/** The text of a body, which is UTF-8; or the problem with it. */
export function readBody(
  { headers }: FastifyRequest,
  bytes: Buffer,
): { text: string; problem?: undefined } | { text?: undefined; problem: ProblemError } {
  const charset = CHARSET.exec(headers["content-type"] ?? "")?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    const detail = "Bodies are read as UTF-8: send it so, and name no other charset.";
    return { problem: new ProblemError({ name: "unsupported-media-type", detail }) };
  }
  const read = readUtf8(bytes);
  if ("text" in read) return read;
  return { problem: new ProblemError({ name: "malformed-request", detail: read.fault }) };
}
