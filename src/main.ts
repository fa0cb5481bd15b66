/**
 * The start, in the only order that works: configuration, database (embedded: lock, then server), migrations and the
 * key, the application with its checks, and at last the port. Each step that fails says why in one sentence.
 */
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import type { Logger } from "pino";
import { createApplication } from "./application.js";
import { describeLoaded, type Loaded, loadDemonstration, refuseDemonstration } from "./demo/index.js";
import { ENTITIES } from "./entities.js";
import { DEMONSTRATION_USERS } from "./people/index.js";
import { systemClock } from "./platform/clock.js";
import { readConfig, type Config } from "./platform/config.js";
import { obstacle } from "./platform/embedded/index.js";
import { openInstallation, type Installation } from "./platform/installation.js";
import { refuseSecondStart } from "./platform/lock.js";
import { createLogger } from "./platform/logging.js";
import { createRegistry } from "./platform/metrics.js";
import { patientKey } from "./platform/patient-key.js";
import { connectAsApplication, prepareDatabase } from "./platform/prepare-database.js";
import { openQueueStore } from "./platform/queues.js";
import { Sealing } from "./platform/sealing.js";
import { Misconfigured, StartError } from "./platform/start-error.js";
import { withTimeLimit } from "./platform/time-limit.js";

export interface Running {
  url: string;
  /** What became of the synthetic patients; null where none were asked for. */
  demonstration: Loaded | null;
  /** Drains the requests, then ends the workers, then PostgreSQL. */
  stop(): Promise<void>;
}

/** Requests and workers that do not come to an end by then are cut off; PostgreSQL is shut down in order all the same. */
const DRAIN_MS = 25_000;

export interface StartOptions {
  /** Enrols the synthetic patients of the folder `demo` before the port is opened. */
  demo?: boolean;
  /** Told of each step that takes its time, before it. */
  progress?(sentence: string): void;
}

export async function start(
  config: Config,
  logger: Logger,
  { demo = false, progress }: StartOptions = {},
): Promise<Running & { installation: Installation }> {
  if (demo) refuseDemonstration(config);
  if (config.databaseUrl === null) refuseSecondStart(config.dataDir);
  await refuseTakenAddress(config);
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const report = (sentence: string): void => logger.error(sentence);
    const installation = await openInstallation(config, { report, progress });
    ends.push(() => installation.close());
    const sealing = new Sealing(patientKey(config));
    await prepareDatabase(installation.databaseUrl, sealing);
    const dataSource = await connectAsApplication(installation.databaseUrl, { entities: ENTITIES });
    ends.push(() => dataSource.destroy());
    const { databaseUrl } = installation;
    const queues = await openQueueStore({ redisUrl: config.redisUrl ?? undefined, databaseUrl });
    ends.push(() => queues.close());
    const parts = { config, dataSource, clock: systemClock, sealing, queues, registry: createRegistry() };
    const app = await createApplication(parts, logger);
    ends.push(() => withTimeLimit(DRAIN_MS, app.close(), undefined));
    const demonstration = demo ? await loadDemonstration(app) : null;
    await listen(app, config);
    return { url: await app.getUrl(), demonstration, installation, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface RunOptions extends Omit<StartOptions, "progress"> {
  /** Prints one JSON object once it is ready, and nothing else. */
  json?: boolean;
}

/** Runs until a signal comes. Tells whether nothing but the signal ended it; whatever refuses the start is a StartError. */
export async function run(env: NodeJS.ProcessEnv, { json = false, ...options }: RunOptions = {}): Promise<boolean> {
  let logger: Logger | undefined;
  try {
    const config = readConfig(env);
    logger = createLogger(config.logLevel);
    const asked = new Promise<void>((resolve) => {
      // A terminal and npm may both send it: whoever comes second is not heard again.
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    });
    const progress = json ? undefined : (sentence: string): void => console.log(sentence);
    const running = await start(config, logger, { ...options, progress });
    if (json) console.log(JSON.stringify(facts(running, config)));
    else tell(running, config);
    const fault = await Promise.race([asked, unforeseen(logger)]);
    if (!json) console.log("Ending: requests are drained, then PostgreSQL is shut down.");
    await running.stop();
    return !fault;
  } catch (error) {
    if (error instanceof Error && logger?.isLevelEnabled("debug")) console.error(error.stack);
    if (error instanceof StartError) throw error;
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** What nobody caught: told without its message, which may quote what somebody typed, and then an orderly end. */
function unforeseen(logger: Logger): Promise<true> {
  return new Promise((resolve) => {
    process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
      const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at "));
      logger.fatal({ msg: "fault", fault: error.name, code: error.code, frames });
      resolve(true);
    });
  });
}

function tell({ url, demonstration, installation }: Running & { installation: Installation }, config: Config): void {
  const isServing = config.role !== "worker";
  const tells = isServing ? `the API describes itself at ${url}/docs` : "/health/ready and /metrics tell of it";
  console.log(`Pathkeeper${isServing ? "" : "'s worker"} is ready on ${url} (${tells}).`);
  if (demonstration) console.log(describeLoaded(demonstration));
  if (config.databaseUrl === null) console.log(`Its data is in ${config.dataDir}.`);
  if (installation.staged !== null) {
    console.log(
      `You run as root, so PostgreSQL runs as another user; what that user could not reach is in ${installation.staged} (npx pathkeeper reset removes both).`,
    );
  }
  if (isServing && config.http.isLoopback) {
    console.log(`Demonstration sign-ins (POST /api/session {"user": "<name>"}): ${DEMONSTRATION_USERS.join(", ")}.`);
  } else if (isServing) {
    console.log("Nobody can sign in: the demonstration sign-in exists on a loopback HOST only.");
  }
  console.log("Ctrl-C ends it.");
}

/** What `tell` says, for programs. */
function facts({ url, demonstration, installation }: Running & { installation: Installation }, config: Config): object {
  const isServing = config.role !== "worker";
  return {
    address: url,
    ...(isServing && { docs: `${url}/docs` }),
    role: config.role,
    database: config.databaseUrl === null ? "embedded" : "DATABASE_URL",
    queue: config.redisUrl === null ? "postgres" : "redis",
    dataDir: config.dataDir,
    staged: installation.staged,
    signIns: isServing && config.http.isLoopback ? DEMONSTRATION_USERS : [],
    demonstration,
  };
}

async function refuseTakenAddress({ http: { host, port } }: Config): Promise<void> {
  const error = await obstacle(port, host);
  if (error !== null) throw unlistenable(error, host, port);
}

async function listen(app: NestFastifyApplication, { http: { host, port } }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw unlistenable(error as Error, host, port);
    throw error;
  }
}

function unlistenable({ code = "" }: NodeJS.ErrnoException, host: string, port: number): StartError {
  if (/^(EADDRNOTAVAIL|EAFNOSUPPORT|ENOTFOUND|EAI_.*)$/.test(code)) {
    return new Misconfigured(`HOST ${host} is no address of this machine.`);
  }
  return new StartError(`Port ${port} on ${host} is not to be had: stop what uses it, or set PORT to another.`);
}
