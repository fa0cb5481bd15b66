import type { MigrationInterface, QueryRunner } from "typeorm";

/** Which scheme a patient's tokens were made by; those of an older one are made anew at the start. Generated from the entities. */
export class VersionTokens1795751000000 implements MigrationInterface {
  name = "VersionTokens1795751000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "patient" ADD "token_scheme" integer NOT NULL DEFAULT 1`);
    await queryRunner.query(`CREATE INDEX "patient_token_scheme" ON "patient" ("token_scheme")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "patient_token_scheme"`);
    await queryRunner.query(`ALTER TABLE "patient" DROP COLUMN "token_scheme"`);
  }
}
