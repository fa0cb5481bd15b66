import type { MigrationInterface, QueryRunner } from "typeorm";

/** Each record says which texts were cut out of it; a key keeps only what is read. Generated from the entities. */
export class NoteCutTexts1795720000000 implements MigrationInterface {
  name = "NoteCutTexts1795720000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "record" ADD "cut" jsonb`);
    await queryRunner.query(`ALTER TABLE "idempotency_key" DROP COLUMN "kind"`);
    await queryRunner.query(`ALTER TABLE "idempotency_key" DROP COLUMN "status"`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "idempotency_key" ADD "status" integer NOT NULL DEFAULT 0`);
    await queryRunner.query(`ALTER TABLE "idempotency_key" ADD "kind" text NOT NULL DEFAULT ''`);
    await queryRunner.query(`ALTER TABLE "record" DROP COLUMN "cut"`);
  }
}
