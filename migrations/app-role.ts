import type { QueryRunner } from "typeorm";
import { isInsufficientPrivilege } from "../src/platform/database-faults.js";

/** The role that every pooled connection of the application takes. */
export const APP_ROLE = "pathkeeper_app";

/**
 * Makes the role and lets the owner of the schema take it. Roles belong to the whole cluster, and databases of one
 * cluster may be migrated at once: a role or a grant that somebody else has just made is as good as ours.
 */
export async function ensureAppRole(owner: QueryRunner): Promise<void> {
  await owner.query(`
    DO $$
    DECLARE attempt int := 0;
    BEGIN
      LOOP
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_ROLE}') THEN
            CREATE ROLE ${APP_ROLE} NOLOGIN;
          END IF;
          BEGIN
            PERFORM set_config('role', '${APP_ROLE}', true);
            PERFORM set_config('role', 'none', true);
          EXCEPTION WHEN insufficient_privilege THEN
            EXECUTE format('GRANT ${APP_ROLE} TO %I', session_user);
          END;
          EXIT;
        EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN
          attempt := attempt + 1;
          IF attempt = 20 THEN RAISE; END IF;
          PERFORM pg_sleep(0.05);
        END;
      END LOOP;
    END $$`);
}

/** What somebody with more rights must run before the first migration; undefined where nothing is missing. */
export async function missingRoleSql(owner: QueryRunner): Promise<string | undefined> {
  await owner.startTransaction();
  try {
    await ensureAppRole(owner);
    return undefined;
  } catch (error) {
    if (!isInsufficientPrivilege(error)) throw error;
  } finally {
    await owner.rollbackTransaction();
  }
  const [found] = (await owner.query(
    `SELECT format('GRANT ${APP_ROLE} TO %I;', session_user) AS grant,
            EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_ROLE}') AS exists`,
  )) as { grant: string; exists: boolean }[];
  return found!.exists ? found!.grant : `CREATE ROLE ${APP_ROLE} NOLOGIN; ${found!.grant}`;
}
