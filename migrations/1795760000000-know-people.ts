import type { MigrationInterface, QueryRunner } from "typeorm";

/** People and their sign-ins. The tables are generated from the entities. A sign-in that has ended is gone. */
export class KnowPeople1795760000000 implements MigrationInterface {
  name = "KnowPeople1795760000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "person" ("id" text NOT NULL, "name" text NOT NULL, "email" text NOT NULL, "phone" text, "language" text NOT NULL, "grants" jsonb NOT NULL, "absent" jsonb, "told" jsonb NOT NULL, "digest" boolean NOT NULL, "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "person_pkey" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "person_email" ON "person" ("email")`);
    await queryRunner.query(
      `CREATE TABLE "session" ("id" uuid NOT NULL, "token_hash" bytea NOT NULL, "person" text NOT NULL, "started_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "used_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, CONSTRAINT "session_pkey" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "session_token" ON "session" ("token_hash")`);
    await queryRunner.query(`GRANT SELECT, INSERT, UPDATE ON "person" TO pathkeeper_app`);
    await queryRunner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON "session" TO pathkeeper_app`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "session_token"`);
    await queryRunner.query(`DROP TABLE "session"`);
    await queryRunner.query(`DROP INDEX "person_email"`);
    await queryRunner.query(`DROP TABLE "person"`);
  }
}
