import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * An enrolment has a responsible coordinator. Of those that are there it is the coordinator who enrolled the patient.
 * Generated from the entities, but for that.
 */
export class NameResponsible1795760100000 implements MigrationInterface {
  name = "NameResponsible1795760100000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "enrolment" ADD "responsible" text`);
    await queryRunner.query(`
      UPDATE enrolment e SET responsible = r.by FROM record r
      WHERE r.enrolment_id = e.id AND r.kind = 'event' AND r.type = 'pathway.enrolled' AND r.role = 'coordinator'`);
    await queryRunner.query(
      `CREATE INDEX "enrolment_responsible" ON "enrolment" ("responsible") WHERE status <> 'exited'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "enrolment_responsible"`);
    await queryRunner.query(`ALTER TABLE "enrolment" DROP COLUMN "responsible"`);
  }
}
