import type { MigrationInterface, QueryRunner } from "typeorm";
import { ensureAppRole } from "./app-role.js";

/** Written and never changed afterwards, by anybody. */
const APPEND_ONLY = ["record", "idempotency_key", "pathway_version", "site_calendar"];

const GRANTS: Record<string, string> = {
  installation: "SELECT, INSERT",
  site: "SELECT, INSERT, UPDATE",
  site_calendar: "SELECT, INSERT",
  pathway_version: "SELECT, INSERT",
  patient: "SELECT, INSERT, UPDATE",
  patient_identifier: "SELECT, INSERT, DELETE",
  patient_token: "SELECT, INSERT, DELETE",
  enrolment: "SELECT, INSERT, UPDATE",
  record: "SELECT, INSERT",
  timer: "SELECT, INSERT, UPDATE",
  task: "SELECT, INSERT, UPDATE",
  idempotency_key: "SELECT, INSERT",
};

/**
 * The application's role may add to the history and cannot rewrite it; triggers refuse the owner of the tables too.
 * The triggers are per statement and on UPDATE, DELETE and TRUNCATE alone, so that appending costs nothing.
 */
export class ProtectHistory1795461660000 implements MigrationInterface {
  name = "ProtectHistory1795461660000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await ensureAppRole(queryRunner);
    for (const [table, rights] of Object.entries(GRANTS)) {
      await queryRunner.query(`GRANT ${rights} ON "${table}" TO pathkeeper_app`);
    }
    await queryRunner.query(`
      CREATE FUNCTION pathkeeper_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$`);
    for (const table of APPEND_ONLY) {
      await queryRunner.query(`
        CREATE TRIGGER "${table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "${table}"
        FOR EACH STATEMENT EXECUTE FUNCTION pathkeeper_refuse_change()`);
    }
    await queryRunner.query(`
      CREATE FUNCTION pathkeeper_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
      AS $$ SELECT date_trunc('milliseconds', clock_timestamp()) $$`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION pathkeeper_now()`);
    for (const table of APPEND_ONLY) await queryRunner.query(`DROP TRIGGER "${table}_append_only" ON "${table}"`);
    await queryRunner.query(`DROP FUNCTION pathkeeper_refuse_change()`);
    for (const table of Object.keys(GRANTS)) {
      await queryRunner.query(`REVOKE ALL ON "${table}" FROM pathkeeper_app`);
    }
    // The role stays: it belongs to the whole cluster, and other databases may use it.
  }
}
