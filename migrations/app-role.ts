import type { QueryRunner } from "typeorm";

/** The role that every pooled connection of the application takes. */
export const APP_ROLE = "pathkeeper_app";

/** The part of a QueryRunner or DataSource that is needed here. */
type Queryable = Pick<QueryRunner, "query">;

/**
 * Makes the role and lets the owner of the schema take it. Roles belong to the whole cluster, and databases of one
 * cluster may be migrated at once: a role or a grant that somebody else has just made is as good as ours.
 */
export async function ensureAppRole(owner: Queryable): Promise<void> {
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
export async function missingRoleSql(owner: Queryable): Promise<string | undefined> {
  const [found] = (await owner.query(
    `SELECT session_user AS "user", r.rolcreaterole OR r.rolsuper AS "mayCreate",
            EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS "exists",
            EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles a ON a.oid = m.roleid
                    WHERE a.rolname = $1 AND m.member = r.oid) OR r.rolsuper AS "granted"
     FROM pg_roles r WHERE r.rolname = session_user`,
    [APP_ROLE],
  )) as { user: string; mayCreate: boolean; exists: boolean; granted: boolean }[];
  if (!found || (found.granted && found.exists) || (found.mayCreate && !found.exists)) return undefined;
  const grant = `GRANT ${APP_ROLE} TO "${found.user.replaceAll('"', '""')}";`;
  return found.exists ? grant : `CREATE ROLE ${APP_ROLE} NOLOGIN; ${grant}`;
}
