/** What PostgreSQL, its driver and the sockets between say went wrong: their codes are named here and nowhere else. */

interface Fault {
  code?: unknown;
  message?: unknown;
  driverError?: unknown;
  cause?: unknown;
}

/** The SQLSTATE or the socket's code, however deep the fault is wrapped; empty where there is none. */
export function codeOf(error: unknown): string {
  const { code, driverError, cause } = (error ?? {}) as Fault;
  if (code !== undefined) return String(code);
  const inner = driverError ?? cause;
  return inner === undefined ? "" : codeOf(inner);
}

/** Unique violation, serialisation failure, deadlock: what it lost to is on record at the next try. */
const LOST_A_RACE = new Set(["23505", "40001", "40P01"]);

export function isLostRace(error: unknown): boolean {
  return LOST_A_RACE.has(codeOf(error));
}

/** Connection, resources, shutdown, serialisation, deadlock, a lock or an idle session that took too long; and sockets. */
const PASSING = /^(08...|53...|57P0[1-5]|40001|40P01|55P03|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT)$/;

/** What the driver says without a code when the connection goes or none is to be had. */
const CUT_OFF =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** It says "not now" rather than "never". */
export function isPassing(error: unknown): boolean {
  return PASSING.test(codeOf(error)) || isCutOff(error);
}

function isCutOff(error: unknown): boolean {
  const { message, cause } = (error ?? {}) as Fault;
  return CUT_OFF.test(String(message ?? "")) || (cause !== undefined && isCutOff(cause));
}

/** The role may not do this. */
export function isRightMissing(error: unknown): boolean {
  return codeOf(error) === "42501";
}

/** The session may not take the role that its settings name. */
export function isRoleRefused(error: unknown): boolean {
  return codeOf(error) === "22023" && String((error as Fault).message).includes("role");
}

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

/** In words, with the code; undefined where the address is not to blame. */
export function whyUnusable(error: unknown): string | undefined {
  const code = codeOf(error);
  return UNUSABLE[code] && `${UNUSABLE[code]} (${code})`;
}
