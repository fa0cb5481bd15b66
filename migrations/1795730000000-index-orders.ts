import type { MigrationInterface, QueryRunner } from "typeorm";

/** The orders in which people see tasks and enrolments where they may see every site. Generated from the entities. */
export class IndexOrders1795730000000 implements MigrationInterface {
  name = "IndexOrders1795730000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE INDEX "enrolment_order" ON "enrolment" ("enrolled_at", "id")`);
    await queryRunner.query(`CREATE INDEX "task_order" ON "task" ("urgency", "due_at", "id") WHERE status = 'open'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "task_order"`);
    await queryRunner.query(`DROP INDEX "enrolment_order"`);
  }
}
