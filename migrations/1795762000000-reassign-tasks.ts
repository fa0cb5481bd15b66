import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * Requests that hand one person's tasks to another put down which they are about. What waits for anybody of a role is
 * found in the order in which it is to be done. Generated from the entities, but for the grant.
 */
export class ReassignTasks1795762000000 implements MigrationInterface {
  name = "ReassignTasks1795762000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "reassignment" ("person" text NOT NULL, "key" text NOT NULL, "tasks" uuid array NOT NULL, "next_cursor" text, "made_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "reassignment_pkey" PRIMARY KEY ("person", "key"))`,
    );
    await queryRunner.query(`GRANT SELECT, INSERT ON "reassignment" TO pathkeeper_app`);
    await queryRunner.query(
      `CREATE INDEX "task_nobodys" ON "task" ("role", "urgency", "due_at", "id") WHERE status = 'open' AND assignee IS NULL`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "task_nobodys"`);
    await queryRunner.query(`DROP TABLE "reassignment"`);
  }
}
