import { DataSource } from "typeorm";
import { assertKnownMigrations, DatabaseNewerError, migrate, RoleMissingError } from "../../migrations/index.js";
import { APP_ROLE, createDataSource, type DataSourceSettings } from "./database.js";
import { isInsufficientPrivilege, isRoleRefused, whyUnusable } from "./database-faults.js";
import { markPatientKey, refuseOtherKey } from "./patient-key.js";
import type { Sealing } from "./sealing.js";
import { StartError } from "./start-error.js";

const OLDEST = 15;

/** Brings the database up to this code, or says in one sentence why it cannot be used. */
export async function prepareDatabase(url: string, sealing: Sealing): Promise<void> {
  await withOwner(url, async (owner) => {
    await refuseForeign(owner, sealing);
    await migrate(owner);
    await markPatientKey(owner, sealing);
  });
}

/** For commands beside a server: refuses a database that this code and key do not fit, and changes nothing. */
export async function refuseForeignDatabase(url: string, sealing: Sealing): Promise<void> {
  await withOwner(url, (owner) => refuseForeign(owner, sealing));
}

async function refuseForeign(owner: DataSource, sealing: Sealing): Promise<void> {
  await refuseOldServer(owner);
  await assertKnownMigrations(owner);
  await refuseOtherKey(owner, sealing);
}

/** Connects as the application; the role has to be takeable. */
export async function connectAsApplication(
  url: string,
  settings: Omit<DataSourceSettings, "role">,
): Promise<DataSource> {
  try {
    return await createDataSource(url, { ...settings, role: "app" }).initialize();
  } catch (error) {
    throw startError(error, url);
  }
}

async function withOwner(url: string, work: (owner: DataSource) => Promise<void>): Promise<void> {
  const owner = createDataSource(url, { role: "owner", poolSize: 2 });
  try {
    await owner.initialize();
    await work(owner);
  } catch (error) {
    throw startError(error, url);
  } finally {
    if (owner.isInitialized) await owner.destroy();
  }
}

async function refuseOldServer(owner: DataSource): Promise<void> {
  const [{ version }] = await owner.query<[{ version: string }]>("select current_setting('server_version') as version");
  if (Number.parseInt(version, 10) < OLDEST) {
    throw new StartError(`The PostgreSQL of DATABASE_URL is version ${version}: Pathkeeper needs ${OLDEST} or newer.`);
  }
}

function startError(error: unknown, url: string): unknown {
  if (error instanceof DatabaseNewerError || error instanceof RoleMissingError) return new StartError(error.message);
  if (error instanceof StartError || !(error instanceof Error)) return error;
  const why = whyUnusable(error);
  const { host, pathname } = new URL(url);
  if (why !== undefined) return new StartError(`PostgreSQL at ${host}${pathname} cannot be used: ${why}.`);
  if (isInsufficientPrivilege(error))
    return new StartError(`The role of DATABASE_URL may not do what the schema needs: ${error.message}.`);
  if (isRoleRefused(error)) {
    return new StartError(
      `The role of DATABASE_URL may not take the role ${APP_ROLE}: somebody must run GRANT ${APP_ROLE} TO it.`,
    );
  }
  return error;
}
