import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Several records may be of one person: `person_id` is the record whose name stands for it, and who is active on a
 * pathway is so as a person. Generated from the entities, but for what is on record already and the grants.
 */
export class JoinPatients1795751100000 implements MigrationInterface {
  name = "JoinPatients1795751100000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "patient_link" ("patient_id" uuid NOT NULL, "same_as" uuid NOT NULL, "nth" integer NOT NULL, CONSTRAINT "patient_link_pkey" PRIMARY KEY ("patient_id", "same_as"))`,
    );
    await queryRunner.query(`CREATE INDEX "patient_link_same_as" ON "patient_link" ("same_as")`);
    await queryRunner.query(`GRANT SELECT, INSERT, DELETE ON "patient_link" TO pathkeeper_app`);
    await queryRunner.query(`ALTER TABLE "patient" ADD "person_id" uuid`);
    await queryRunner.query(`UPDATE "patient" SET "person_id" = "id"`);
    await queryRunner.query(`ALTER TABLE "patient" ALTER COLUMN "person_id" SET NOT NULL`);
    await queryRunner.query(`CREATE INDEX "patient_person" ON "patient" ("person_id")`);
    await queryRunner.query(`ALTER TABLE "enrolment" ADD "person_id" uuid`);
    await queryRunner.query(`UPDATE "enrolment" SET "person_id" = "patient_id"`);
    await queryRunner.query(`ALTER TABLE "enrolment" ALTER COLUMN "person_id" SET NOT NULL`);
    await queryRunner.query(`DROP INDEX "enrolment_one_active"`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "enrolment_one_active" ON "enrolment" ("person_id", "pathway_id") WHERE status <> 'exited'`,
    );
    await queryRunner.query(`DROP INDEX "enrolment_patient"`);
    await queryRunner.query(`CREATE INDEX "enrolment_person" ON "enrolment" ("person_id")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "enrolment_person"`);
    await queryRunner.query(`CREATE INDEX "enrolment_patient" ON "enrolment" ("patient_id")`);
    await queryRunner.query(`DROP INDEX "enrolment_one_active"`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "enrolment_one_active" ON "enrolment" ("patient_id", "pathway_id") WHERE status <> 'exited'`,
    );
    await queryRunner.query(`ALTER TABLE "enrolment" DROP COLUMN "person_id"`);
    await queryRunner.query(`DROP INDEX "patient_person"`);
    await queryRunner.query(`ALTER TABLE "patient" DROP COLUMN "person_id"`);
    await queryRunner.query(`DROP TABLE "patient_link"`);
  }
}
