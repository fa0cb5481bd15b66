import { HttpException } from "@nestjs/common";
import { MayBeDone, StoreAway } from "../engine/index.js";
import { isPassing, isPoolFull } from "../platform/database-faults.js";
import { NoSuchRecord, ReadsBusy } from "../reads/index.js";
import { PROBLEMS, ProblemError, type Problem, type ProblemName } from "./problems.js";

export const PROBLEM_JSON = "application/problem+json";

/** RFC 9457, as it goes out. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  [extension: string]: unknown;
}

export function problemBody({ name, detail, ...extensions }: Problem): ProblemBody {
  const { status, title } = PROBLEMS[name];
  const standard = { type: `/problems/${name}`, title, status, detail };
  // First, since people read them first; last, since no extension may take their place.
  return { ...standard, ...extensions, ...standard };
}

/** Names that the framework's own errors answer to, by HTTP status. */
const BY_STATUS: Record<number, [ProblemName, string]> = {
  401: ["signed-out", "Sign in first."],
  403: ["forbidden", "This is not allowed."],
  404: ["not-found", "There is nothing at this address."],
  413: ["too-large", "The body is larger than 1 MiB."],
  415: ["unsupported-media-type", "The content type is not one that this route reads."],
  503: ["unavailable", "The service is stopping or waits for something it needs. Try again."],
};

const UNREADABLE: Problem = { name: "malformed-request", detail: "The request cannot be read: it is not well-formed." };

/** It may have gone between the commit and its answer: only a key tells whether a resend is the first. */
const AWAY: Problem = {
  name: "unavailable",
  detail:
    "The database does not answer, or not in time; what was asked for may have been done. Try again: with the same Idempotency-Key nothing happens twice.",
};

/** The database may be well: others of this process hold all its connections. */
const BUSY: Problem = {
  name: "unavailable",
  detail:
    "No connection to the database was free in time: too much is asked of it at once. Try again: with the same Idempotency-Key nothing happens twice.",
};

/** Whatever was thrown, as a problem; undefined for a fault of ours. Messages of others are never passed on. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof NoSuchRecord) return { name: "not-found", detail: `There is no such ${error.what}.` };
  if (error instanceof ReadsBusy) return { name: "unavailable", detail: "Too much is read at once. Try again." };
  const status = error instanceof HttpException ? error.getStatus() : clientStatus(error);
  if (status !== undefined) {
    const known = BY_STATUS[status];
    if (known) return { name: known[0], detail: known[1] };
    if (status >= 400 && status < 500) return UNREADABLE;
  }
  if (isPoolFull(error)) return BUSY;
  if (error instanceof StoreAway || error instanceof MayBeDone || isPassing(error)) return AWAY;
  return undefined;
}

/** Fastify's errors carry `statusCode` and a code that begins with FST_; a body that is no JSON is a SyntaxError. */
function clientStatus(error: unknown): number | undefined {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === "number" ? statusCode : undefined;
}
