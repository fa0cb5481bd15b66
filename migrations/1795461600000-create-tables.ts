import type { MigrationInterface, QueryRunner } from "typeorm";

/** Generated from the entities. */
export class CreateTables1795461600000 implements MigrationInterface {
  name = "CreateTables1795461600000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "enrolment" ("id" uuid NOT NULL, "patient_id" uuid NOT NULL, "site_id" text NOT NULL, "calendar_version" integer NOT NULL, "pathway_id" text NOT NULL, "pathway_version" text NOT NULL, "pathway_hash" text NOT NULL, "status" text NOT NULL, "exit_reason" text, "states" text array NOT NULL, "stored" jsonb NOT NULL, "seq" integer NOT NULL, "last_hash" bytea NOT NULL, "last_recorded_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "enrolled_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "projected_to" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "enrolment_status" CHECK (status IN ('active', 'paused', 'exited')), CONSTRAINT "enrolment_pkey" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "enrolment_states" ON "enrolment" USING gin ("states")`);
    await queryRunner.query(`CREATE INDEX "enrolment_site" ON "enrolment" ("site_id", "id")`);
    await queryRunner.query(`CREATE INDEX "enrolment_pathway" ON "enrolment" ("pathway_id", "pathway_version")`);
    await queryRunner.query(`CREATE INDEX "enrolment_patient" ON "enrolment" ("patient_id")`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "enrolment_one_active" ON "enrolment" ("patient_id", "pathway_id") WHERE status <> 'exited'`,
    );
    await queryRunner.query(
      `CREATE TABLE "idempotency_key" ("person" text NOT NULL, "route" text NOT NULL, "key" text NOT NULL, "request_hash" bytea NOT NULL, "enrolment_id" uuid, "kind" text NOT NULL, "status" integer NOT NULL, "seq" integer NOT NULL, "record_seq" integer, "answered_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "problem" jsonb, CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("person", "route", "key"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "installation" ("id" integer NOT NULL, "key_check" bytea NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "installation_single" CHECK (id = 1), CONSTRAINT "installation_pkey" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "pathway_version" ("id" text NOT NULL, "version" text NOT NULL, "hash" text NOT NULL, "document" json NOT NULL, "published_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "published_by" text NOT NULL, CONSTRAINT "pathway_version_pkey" PRIMARY KEY ("id", "version"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "patient" ("id" uuid NOT NULL, "wrapped_key" bytea, "sealed" bytea NOT NULL, CONSTRAINT "patient_pkey" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "patient_identifier" ("hash" bytea NOT NULL, "patient_id" uuid NOT NULL, CONSTRAINT "patient_identifier_pkey" PRIMARY KEY ("hash"))`,
    );
    await queryRunner.query(`CREATE INDEX "patient_identifier_patient" ON "patient_identifier" ("patient_id")`);
    await queryRunner.query(
      `CREATE TABLE "patient_token" ("hash" bytea NOT NULL, "patient_id" uuid NOT NULL, CONSTRAINT "patient_token_pkey" PRIMARY KEY ("hash", "patient_id"))`,
    );
    await queryRunner.query(`CREATE INDEX "patient_token_patient" ON "patient_token" ("patient_id")`);
    await queryRunner.query(
      `CREATE TABLE "record" ("enrolment_id" uuid NOT NULL, "seq" integer NOT NULL, "kind" text NOT NULL, "type" text NOT NULL, "occurred_at" TIMESTAMP(3) WITH TIME ZONE, "occurred_on" text, "recorded_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "by" text, "role" text, "performer" text, "source_system" text, "source_id" text, "data" jsonb, "sealed" bytea, "corrects" integer, "state_before" jsonb, "state_after" jsonb, "because" jsonb, "detail" jsonb, "previous_hash" bytea NOT NULL, "hash" bytea NOT NULL, CONSTRAINT "record_hashes" CHECK (octet_length(hash) = 32 AND octet_length(previous_hash) = 32), CONSTRAINT "record_occurred_once" CHECK (occurred_at IS NULL OR occurred_on IS NULL), CONSTRAINT "record_pkey" PRIMARY KEY ("enrolment_id", "seq"))`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "record_source" ON "record" ("enrolment_id", "source_system", "source_id") WHERE source_id IS NOT NULL AND kind = 'event'`,
    );
    await queryRunner.query(
      `CREATE TABLE "site_calendar" ("site_id" text NOT NULL, "version" integer NOT NULL, "time_zone" text NOT NULL, "working_days" smallint array NOT NULL, "holidays" text array NOT NULL, "recorded_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "recorded_by" text NOT NULL, CONSTRAINT "site_calendar_pkey" PRIMARY KEY ("site_id", "version"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "site" ("id" text NOT NULL, "name" text NOT NULL, "on_call" jsonb NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "site_pkey" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE TYPE "task_urgency" AS ENUM('urgent', 'routine')`);
    await queryRunner.query(
      `CREATE TABLE "task" ("enrolment_id" uuid NOT NULL, "id" uuid NOT NULL, "key" text NOT NULL, "opened_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "nth" integer NOT NULL, "title" text NOT NULL, "role" text NOT NULL, "urgency" "task_urgency" NOT NULL, "due_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "reminders" jsonb NOT NULL, "escalations" jsonb NOT NULL, "status" text NOT NULL, "held" boolean NOT NULL, "closed_at" TIMESTAMP(3) WITH TIME ZONE, "assignee" text, "snoozed_until" TIMESTAMP(3) WITH TIME ZONE, "site_id" text NOT NULL, "pathway_id" text NOT NULL, CONSTRAINT "task_status" CHECK (status IN ('open', 'closed', 'withdrawn')), CONSTRAINT "task_pkey" PRIMARY KEY ("enrolment_id", "id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "task_assignee" ON "task" ("assignee", "urgency", "due_at", "id") WHERE status = 'open' AND assignee IS NOT NULL`,
    );
    await queryRunner.query(`CREATE INDEX "task_due" ON "task" ("site_id", "due_at") WHERE status = 'open'`);
    await queryRunner.query(
      `CREATE INDEX "task_worklist" ON "task" ("site_id", "urgency", "due_at", "id") WHERE status = 'open'`,
    );
    await queryRunner.query(`CREATE INDEX "task_id" ON "task" ("id")`);
    await queryRunner.query(
      `CREATE TABLE "timer" ("enrolment_id" uuid NOT NULL, "state" text NOT NULL, "name" text NOT NULL, "id" uuid NOT NULL, "started_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "due_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "status" text NOT NULL, "generation" integer NOT NULL, "armed_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "timer_status" CHECK (status IN ('pending', 'held', 'fired', 'cancelled')), CONSTRAINT "timer_pkey" PRIMARY KEY ("enrolment_id", "state", "name"))`,
    );
    await queryRunner.query(`CREATE INDEX "timer_due" ON "timer" ("due_at") WHERE status = 'pending'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "timer_due"`);
    await queryRunner.query(`DROP TABLE "timer"`);
    await queryRunner.query(`DROP INDEX "task_id"`);
    await queryRunner.query(`DROP INDEX "task_worklist"`);
    await queryRunner.query(`DROP INDEX "task_due"`);
    await queryRunner.query(`DROP INDEX "task_assignee"`);
    await queryRunner.query(`DROP TABLE "task"`);
    await queryRunner.query(`DROP TYPE "task_urgency"`);
    await queryRunner.query(`DROP TABLE "site"`);
    await queryRunner.query(`DROP TABLE "site_calendar"`);
    await queryRunner.query(`DROP INDEX "record_source"`);
    await queryRunner.query(`DROP TABLE "record"`);
    await queryRunner.query(`DROP INDEX "patient_token_patient"`);
    await queryRunner.query(`DROP TABLE "patient_token"`);
    await queryRunner.query(`DROP INDEX "patient_identifier_patient"`);
    await queryRunner.query(`DROP TABLE "patient_identifier"`);
    await queryRunner.query(`DROP TABLE "patient"`);
    await queryRunner.query(`DROP TABLE "pathway_version"`);
    await queryRunner.query(`DROP TABLE "installation"`);
    await queryRunner.query(`DROP TABLE "idempotency_key"`);
    await queryRunner.query(`DROP INDEX "enrolment_one_active"`);
    await queryRunner.query(`DROP INDEX "enrolment_patient"`);
    await queryRunner.query(`DROP INDEX "enrolment_pathway"`);
    await queryRunner.query(`DROP INDEX "enrolment_site"`);
    await queryRunner.query(`DROP INDEX "enrolment_states"`);
    await queryRunner.query(`DROP TABLE "enrolment"`);
  }
}
