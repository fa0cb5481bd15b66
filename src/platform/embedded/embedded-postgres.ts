/**
 * A real PostgreSQL that belongs to one installation: its data is in DATA_DIR, it listens on loopback only, asks for a
 * password, and runs in a process group of its own, so that Ctrl-C in the terminal does not reach it before the
 * requests are drained. The caller holds the lock on DATA_DIR.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { isPasswordRefused } from "../database-faults.js";
import { StartError } from "../start-error.js";
import { serverAccount, type Account } from "./account.js";
import { initialise, passwordOf } from "./cluster.js";
import { findPlaces, stagingDirectory, type Places } from "./places.js";
import { choosePort } from "./ports.js";
import { runningPostmaster, stopLeftOver, stopPostmaster } from "./postmaster.js";

export interface EmbeddedPostgres {
  /** Connects as the owner of the database `pathkeeper`. */
  url: string;
  /** The directory outside DATA_DIR that is in use, if any. */
  staged: string | null;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  /** Tests throw their data away and need not wait for the disk. */
  durable?: boolean;
  /** Told in one sentence when the server ended by itself; it is started again. */
  onEnd?(sentence: string): void;
  /** Told of each step that takes its time, before it. */
  onStep?(sentence: string): void;
}

const DATABASE = "pathkeeper";

export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir } = options;
  const account = serverAccount();
  const places = findPlaces(dataDir, account);
  const password = passwordOf(dataDir, places.data);
  if (!existsSync(places.data)) options.onStep?.(`Making a PostgreSQL cluster in ${places.data}…`);
  await initialise({ dataDir, places, account, password });
  options.onStep?.("Starting PostgreSQL…");
  let server = await launch(places, account, options, password);
  let stopping = false;
  const watch = (): void => {
    server.child.once("exit", () => {
      if (!stopping) void restart();
    });
  };
  const restart = async (): Promise<void> => {
    options.onEnd?.("The embedded PostgreSQL ended by itself and is started again.");
    try {
      server = await launch(places, account, options, password, server.port);
      watch();
    } catch (error) {
      options.onEnd?.(error instanceof Error ? error.message : String(error));
    }
  };
  watch();
  const url = urlOf(server.port, password, DATABASE);
  await createDatabase(urlOf(server.port, password, "postgres"));
  return {
    url,
    staged: places.staged,
    async stop() {
      stopping = true;
      const running = runningPostmaster(places.data);
      if (running !== null) await stopPostmaster(running.pid);
    },
  };
}

/** The address of the server that another process of this installation runs, for the commands that need its database. */
export function runningEmbeddedUrl(dataDir: string): string | null {
  for (const data of [join(dataDir, "postgres"), join(stagingDirectory(dataDir), "postgres")]) {
    const running = existsSync(data) ? runningPostmaster(data) : null;
    if (running !== null) return urlOf(running.port, passwordOf(dataDir, data), DATABASE);
  }
  return null;
}

interface Server {
  child: ChildProcess;
  port: number;
}

/** A server that is killed lets go of its memory and its port a moment later: so it is tried again for a while. */
async function launch(
  places: Places,
  account: Account | null,
  { dataDir, durable = true }: EmbeddedOptions,
  password: string,
  keepPort?: number,
): Promise<Server> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    await stopLeftOver(places.data);
    const port = keepPort ?? (await choosePort(places.data));
    const log = join(dataDir, "postgres.log");
    const child = spawnServer(places, account, log, port, durable);
    if (await answers(child, urlOf(port, password, "postgres"))) return { child, port };
    const said = readFileSync(log, "utf8");
    const passing = /shared memory block|lock file|Address already in use|could not bind/.test(said);
    if (!passing || performance.now() > deadline) throw new StartError(failure(said, log));
    await pause(200);
  }
}

function spawnServer({ binaries, data }: Places, account: Account | null, log: string, port: number, durable: boolean) {
  if (existsSync(log)) renameSync(log, `${log}.old`);
  const output = openSync(log, "w", 0o600);
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: durable ? 100 : 300,
    timezone: "UTC",
    log_timezone: "UTC",
    fsync: durable ? "on" : "off",
    synchronous_commit: durable ? "on" : "off",
    full_page_writes: durable ? "on" : "off",
    // The log carries no values: neither the rows that an error is about nor the statement.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  try {
    const child = spawn(join(binaries, "native", "bin", "postgres"), ["-D", data, ...flags], {
      ...account,
      cwd: "/",
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
      stdio: ["ignore", output, output],
      detached: true,
    });
    child.on("error", () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/** True once the server takes connections, false once it has ended. */
async function answers(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = performance.now() + 120_000;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return true;
    } catch (error) {
      if (isPasswordRefused(error)) {
        await stopPostmaster(child.pid);
        throw new StartError(
          "The embedded PostgreSQL does not take the password in DATA_DIR: put back the file postgres.password that belongs to its data.",
        );
      }
      if (performance.now() > deadline) return false;
      await pause(30);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://pathkeeper:${password}@127.0.0.1:${port}/${database}`;
}

function failure(said: string, log: string): string {
  const reason = said.split("\n").findLast((line) => /FATAL|PANIC|error while loading|not found/.test(line));
  return `The embedded PostgreSQL does not start${reason ? `: ${reason.replace(/^.*(FATAL|PANIC):\s*/, "")}` : ""} (its log is ${log}).`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
