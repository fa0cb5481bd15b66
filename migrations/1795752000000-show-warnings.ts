import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * An enrolment's row tells what its flags warn of. What they say is worked out by the engine and not by SQL: a row that
 * is there already stays NULL until its next record, and until then the worklist works it out. Generated from the entities.
 */
export class ShowWarnings1795752000000 implements MigrationInterface {
  name = "ShowWarnings1795752000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "enrolment" ADD "warnings" jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "enrolment" DROP COLUMN "warnings"`);
  }
}
