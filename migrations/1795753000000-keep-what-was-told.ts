import type { MigrationInterface, QueryRunner } from "typeorm";

/** A key whose request made no record keeps what it was answered with. Generated from the entities. */
export class KeepWhatWasTold1795753000000 implements MigrationInterface {
  name = "KeepWhatWasTold1795753000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "idempotency_key" ADD "told" jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "idempotency_key" DROP COLUMN "told"`);
  }
}
