import type { MigrationInterface, QueryRunner } from "typeorm";

/**
 * The words of each pathway version, language by language. Append-only, as the versions themselves: a message that was
 * sent names the catalogue that it was worded from. The table is generated from its entity.
 */
export class CreateCatalogue1795761000000 implements MigrationInterface {
  name = "CreateCatalogue1795761000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "pathway_catalogue" ("pathway_id" text NOT NULL, "pathway_version" text NOT NULL, "language" text NOT NULL, "number" integer NOT NULL, "hash" text NOT NULL, "catalogue" json NOT NULL, "published_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL, "published_by" text NOT NULL, CONSTRAINT "pathway_catalogue_pkey" PRIMARY KEY ("pathway_id", "pathway_version", "language", "number"))`,
    );
    await queryRunner.query(`GRANT SELECT, INSERT ON "pathway_catalogue" TO pathkeeper_app`);
    await queryRunner.query(`
      CREATE TRIGGER "pathway_catalogue_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "pathway_catalogue"
      FOR EACH STATEMENT EXECUTE FUNCTION pathkeeper_refuse_change()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "pathway_catalogue"`);
  }
}
