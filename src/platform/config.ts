import { isIP } from "node:net";
import { join, resolve } from "node:path";
import type { Temporal } from "temporal-polyfill";
import { parseDuration } from "../core/index.js";
import { PACKAGE_ROOT } from "./package-root.js";
import { KEY_BYTES } from "./sealing.js";
import { Misconfigured } from "./start-error.js";

const ROLES = ["all", "api", "worker"] as const;
const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export type ProcessRole = (typeof ROLES)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that the environment may say, read once at the start. */
export interface Config {
  role: ProcessRole;
  http: {
    host: string;
    port: number;
    /** Nobody from outside reaches it: only then is there a demonstration sign-in. */
    isLoopback: boolean;
    /** How many connections one address may hold open at once; 0: any number. */
    connectionsPerAddress: number;
  };
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** Null: BullMQ runs on PostgreSQL. */
  redisUrl: string | null;
  dataDir: string;
  /** Timers due later than this from now get their job when they come near. Null: each has its job at once. */
  timerHorizonMs: number | null;
  /** How much memory each process spends on histories that it has read. */
  historyCacheBytes: number;
  /** What happened longer ago than this, when it is recorded, is taken once it is confirmed. */
  confirmOlderThan: Temporal.Duration;
  /** Null: the one in DATA_DIR, made if missing. */
  patientKey: Buffer | null;
  logLevel: LogLevel;
}

const MEBIBYTE = 1024 * 1024;
const A_YEAR = parseDuration("P1Y")!;

/** The token under which Nest injects the configuration. */
export const CONFIG = Symbol("Config");

type Environment = Record<string, string | undefined>;

/** Reads and checks the environment. All mistakes are told at once, one sentence each; no value that may be secret is repeated. */
export function readConfig(env: Environment): Config {
  const mistakes: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined, mend: string): T => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    const value = parse(text);
    if (value === undefined) mistakes.push(`${name} ${mend}.`);
    return value ?? fallback;
  };

  const host = read("HOST", "127.0.0.1", parseHost, "must be a host name or an IP address, such as 127.0.0.1");
  const config: Config = {
    role: read("ROLE", "all", oneOf(ROLES), `must be one of ${ROLES.join(", ")}`),
    http: {
      host,
      port: read("PORT", 3000, parsePort, "must be a whole number from 0 to 65535"),
      isLoopback: isLoopback(host),
      connectionsPerAddress: read(
        "CONNECTIONS_PER_ADDRESS",
        512,
        parseCount,
        "must be a whole number, such as 512; 0 sets no bound",
      ),
    },
    databaseUrl: read(
      "DATABASE_URL",
      null,
      parseUrl(["postgres:", "postgresql:"]),
      "must be the address of a PostgreSQL, such as postgres://user:password@host:5432/database",
    ),
    redisUrl: read(
      "REDIS_URL",
      null,
      parseUrl(["redis:", "rediss:"]),
      "must be the address of a Redis, such as redis://host:6379",
    ),
    dataDir: resolve(env["DATA_DIR"]?.trim() || join(PACKAGE_ROOT, ".pathkeeper")),
    timerHorizonMs: read(
      "TIMER_HORIZON",
      null,
      parseHorizon,
      "must be an ISO 8601 duration of days or less, such as P1D or PT6H",
    ),
    historyCacheBytes: read(
      "HISTORY_CACHE",
      128 * MEBIBYTE,
      parseMebibytes,
      "must be a whole number of MiB, such as 128; 0 keeps nothing",
    ),
    confirmOlderThan: read(
      "CONFIRM_OLDER_THAN",
      A_YEAR,
      parseAge,
      "must be an ISO 8601 duration of up to 200 years, such as P1Y or P6M",
    ),
    patientKey: read(
      "PATIENT_KEY",
      null,
      parseKey,
      "must be 32 bytes in base64, as `openssl rand -base64 32` prints them",
    ),
    logLevel: read("LOG_LEVEL", "info", oneOf(LOG_LEVELS), `must be one of ${LOG_LEVELS.join(", ")}`),
  };

  for (const name of ["OIDC_ISSUER", "OIDC_AUDIENCE"]) {
    if (env[name]?.trim()) mistakes.push(`${name} is set, but this version knows no OpenID Connect yet: unset it.`);
  }
  if (config.role !== "all" && !env["DATABASE_URL"]?.trim()) {
    mistakes.push(`ROLE=${config.role} needs DATABASE_URL, since the embedded PostgreSQL serves one process only.`);
  }
  if (!config.http.isLoopback && !env["PATIENT_KEY"]?.trim()) {
    mistakes.push("HOST is not a loopback address, so PATIENT_KEY must be set (openssl rand -base64 32).");
  }
  if (mistakes.length > 0) throw new Misconfigured(mistakes.join("\n"));
  return config;
}

function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T | undefined {
  return (text) => allowed.find((value) => value === text);
}

function parsePort(text: string): number | undefined {
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined;
}

function parseHost(text: string): string | undefined {
  return isIP(text) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) ? text : undefined;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function parseUrl(protocols: string[]): (text: string) => string | undefined {
  return (text) => (URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined);
}

function parseHorizon(text: string): number | undefined {
  const duration = parseDuration(text);
  if (!duration || duration.sign <= 0 || duration.years || duration.months || duration.weeks) return undefined;
  return duration.total("milliseconds");
}

function parseAge(text: string): Temporal.Duration | undefined {
  const duration = parseDuration(text);
  if (!duration || duration.sign <= 0) return undefined;
  return duration.total({ unit: "years", relativeTo: "2000-01-01" }) <= 200 ? duration : undefined;
}

function parseCount(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function parseMebibytes(text: string): number | undefined {
  const count = Number(text);
  return /^\d+$/.test(text) && count <= 65_536 ? count * MEBIBYTE : undefined;
}

function parseKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, "base64");
  return key.length === KEY_BYTES && /^[A-Za-z0-9+/]{43}=?$/.test(text) ? key : undefined;
}
