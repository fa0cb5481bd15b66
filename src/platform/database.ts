/**
 * How every connection to PostgreSQL is made: one DataSource per process and role, no second pool.
 *
 * What comes out of raw SQL on these connections, in every place:
 * - `timestamptz` is a number of milliseconds since 1970 (`Instant`); microseconds are cut off;
 * - `int8` (also `count(*)`) is a number, and one beyond 2^53 throws;
 * - `date` is the text `YYYY-MM-DD`.
 * What goes in: pass instants as ISO text with `$1::timestamptz` (`formatInstant`), or as a number through
 * `to_timestamp($1 / 1000.0)`. Entities therefore type their `timestamptz` columns as `Instant` and are read only.
 */
import pg from "pg";
import { DataSource, type DataSourceOptions } from "typeorm";
import { APP_ROLE, MIGRATIONS } from "../../migrations/index.js";
import { WatchedClient } from "./watched-client.js";

export { APP_ROLE };

/** `owner` is the role of DATABASE_URL: it owns the schema and migrates. `app` may not rewrite history. */
export type DatabaseRole = "owner" | "app";

export interface DataSourceSettings {
  role: DatabaseRole;
  /** Classes of the tables; none where nobody asks for what they describe. */
  entities?: readonly (new () => object)[];
  /** Connections at most; one process needs few, since every transaction is short. */
  poolSize?: number;
  /** How long a connection is waited for, a new one or a free one. */
  connectMs?: number;
  /** How long the application waits for the answer to a statement before the database counts as away. */
  answerMs?: number;
}

const CONNECT_MS = 10_000;
/** Longer than the server lets any statement run: whoever has heard nothing by then will hear nothing. */
const ANSWER_MS = 15_000;

export function dataSourceOptions(
  url: string,
  { role, entities = [], poolSize = 10, connectMs = CONNECT_MS, answerMs = ANSWER_MS }: DataSourceSettings,
): DataSourceOptions {
  return {
    type: "postgres",
    url: urlForRole(url, role),
    applicationName: "pathkeeper",
    entities: [...entities],
    migrations: [...MIGRATIONS],
    migrationsTransactionMode: "each",
    synchronize: false,
    installExtensions: false,
    poolSize,
    connectTimeoutMS: connectMs,
    // An idle connection that PostgreSQL ends must not end the process; the next query says what is wrong.
    poolErrorHandler: () => undefined,
    // Pipelined: a statement need not wait for the answer to the one before it.
    extra: {
      Client: WatchedClient,
      // Migrations may take their time, and wait for those of other processes.
      answerMs: role === "app" ? answerMs : undefined,
      types: { getTypeParser },
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    },
  };
}

export function createDataSource(url: string, settings: DataSourceSettings): DataSource {
  return new DataSource(dataSourceOptions(url, settings));
}

/**
 * Of every session of the application. A host that vanished in the midst of a transaction costs seconds: nobody waits
 * longer than that for its locks, and the server ends its session by itself. Keep-alives find out about a silent host
 * only where nothing is under way; else it is the time limits that do.
 */
const APP_SETTINGS = [
  `-c role=${APP_ROLE}`,
  "-c lock_timeout=5s",
  "-c statement_timeout=10s",
  "-c idle_in_transaction_session_timeout=10s",
  "-c tcp_keepalives_idle=10",
  "-c tcp_keepalives_interval=5",
  "-c tcp_keepalives_count=3",
];
const KEEP_ALIVE_MS = 10_000;

/** Sessions speak UTC, and those of the application take its role before the first statement. */
export function urlForRole(url: string, role: DatabaseRole): string {
  const parsed = new URL(url);
  const given = parsed.searchParams.get("options");
  const options = [given, "-c TimeZone=UTC", ...(role === "app" ? APP_SETTINGS : [])].filter(Boolean).join(" ");
  parsed.searchParams.delete("options");
  // The driver reads a plus sign as it stands, so spaces must travel as %20.
  const query = [parsed.searchParams.toString(), `options=${encodeURIComponent(options)}`].filter(Boolean).join("&");
  parsed.search = `?${query}`;
  return parsed.toString();
}

type TextParser = (text: string) => unknown;

const readTimestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date | number;

const PARSERS: Record<number, TextParser> = {
  [pg.types.builtins.TIMESTAMPTZ]: (text) => Number(readTimestamp(text)),
  [pg.types.builtins.INT8]: (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError(`The number ${text} is too large to be read exactly.`);
    return value;
  },
  [pg.types.builtins.DATE]: (text) => text,
};

function getTypeParser(oid: number, format?: "text" | "binary"): TextParser {
  if (format === "binary") return pg.types.getTypeParser(oid, "binary") as TextParser;
  return PARSERS[oid] ?? (pg.types.getTypeParser(oid, "text") as TextParser);
}
