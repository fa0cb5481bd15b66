import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * An enrolment's row tells what its flags warn of. What they say is worked out by the engine and not by SQL: a row that
 * is there already stays NULL until its next record, and until then the worklist works it out. A task's row tells who
 * ended it, from now on. Generated from the entities.
 */
export class TellWarningsAndEnds1795752000000 implements MigrationInterface {
  name = "TellWarningsAndEnds1795752000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "enrolment" ADD "warnings" jsonb`);
    await queryRunner.query(`ALTER TABLE "task" ADD "ended_by" text`);
    await queryRunner.query(`ALTER TABLE "task" ADD "ended_at" TIMESTAMP(3) WITH TIME ZONE`);
    await queryRunner.query(`CREATE INDEX "task_ended" ON "task" ("assignee", "ended_at") WHERE ended_by <> assignee`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "task_ended"`);
    await queryRunner.query(`ALTER TABLE "task" DROP COLUMN "ended_at"`);
    await queryRunner.query(`ALTER TABLE "task" DROP COLUMN "ended_by"`);
    await queryRunner.query(`ALTER TABLE "enrolment" DROP COLUMN "warnings"`);
  }
}
