/** What a fault of PostgreSQL, or of the way to it, means: the one place that knows its codes. */

/** Somebody else was faster; what this one lost to is on record at the next try. */
export function isLostRace(error: unknown): boolean {
  return LOST_RACE.has(codeOf(error));
}

/** "Not now" rather than "never". Sent again, the same may succeed; whether it was committed, nobody knows. */
export function isPassing(error: unknown): boolean {
  const { message } = (error ?? {}) as { message?: unknown };
  return PASSING.test(codeOf(error)) || CUT_OFF.test(String(message ?? ""));
}

/** Nobody answers on the way to the server, whichever connection is taken. */
export function isUnreachable(error: unknown): boolean {
  return UNREACHABLE.has(codeOf(error));
}

/** All connections of this process are taken, and none became free in time. Nothing was asked of the database. */
export function isPoolFull(error: unknown): boolean {
  const { message } = (error ?? {}) as { message?: unknown };
  return message === POOL_FULL;
}

export function isInsufficientPrivilege(error: unknown): boolean {
  return codeOf(error) === "42501";
}

export function isPasswordRefused(error: unknown): boolean {
  return codeOf(error) === "28P01";
}

/** The session was to take a role that there is not, or that it may not take. */
export function isRoleRefused(error: unknown): boolean {
  return codeOf(error) === "22023" && error instanceof Error && error.message.includes("role");
}

/** What is wrong with the address of a database, with the code, such as `nothing listens there (ECONNREFUSED)`. */
export function whyUnusable(error: unknown): string | undefined {
  const code = codeOf(error);
  const reason = UNUSABLE[code];
  return reason && `${reason} (${code})`;
}

/** Empty where there is none. TypeORM keeps the driver's own error within its own. */
function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return String(code ?? driverError?.code ?? "");
}

/** Unique violation, serialisation failure, deadlock. */
const LOST_RACE = new Set(["23505", "40001", "40P01"]);

const UNREACHABLE = new Set(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);

/** What the pool says of it, without a code. */
const POOL_FULL = "timeout exceeded when trying to connect";

/**
 * 08 connection, 53 resources, 57P0 the server ends or begins, 40 lost race, 55P03 a lock that was not to be had in
 * time, 25P03 and 25P04 a transaction that took too long; and what sockets and the look-up of names say.
 */
const PASSING = new RegExp(
  `^(${[
    ...["08...", "53...", "57P0[1-5]", "40001", "40P01", "55P03", "25P0[34]"],
    ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT"],
    ...["EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
  ].join("|")})$`,
);

/** What the driver says without a code when the connection goes or none is to be had. */
const CUT_OFF = new RegExp(`^(Connection terminated|${POOL_FULL}|Client has encountered a connection error)`);

/** What a wrong DATABASE_URL leads to. */
const UNUSABLE: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its host name cannot be looked up",
  ETIMEDOUT: "it does not answer",
  "28P01": "it refuses the password",
  "28000": "it refuses the user",
  "3D000": "it has no such database",
  "53300": "it has no connection left",
};
