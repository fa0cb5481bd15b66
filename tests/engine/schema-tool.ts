/** `check`: do the migrations make what the entities say? `dump`: writes schema.sql anew. */
import "reflect-metadata";
import { writeFileSync } from "node:fs";
import { schemaDrift } from "../../migrations/index.js";
import { ENTITIES } from "../../src/entities.js";
import { createDataSource } from "../../src/platform/database.js";
import { startServices } from "../support/services.js";
import { databaseUrl } from "../support/template.js";
import { dumpSchema } from "./dump-schema.js";

const task = process.argv[2];
const services = await startServices();
try {
  const { PATHKEEPER_TEST_ADMIN_URL: adminUrl, PATHKEEPER_TEST_RUN: name } = services.environment;
  const owner = await createDataSource(databaseUrl(adminUrl!, name!), {
    role: "owner",
    entities: ENTITIES,
  }).initialize();
  if (task === "dump") {
    writeFileSync(new URL("schema.sql", import.meta.url), await dumpSchema(owner));
  } else {
    const drift = await schemaDrift(owner);
    for (const statement of drift) console.error(statement);
    console.log(drift.length === 0 ? "The migrations make what the entities say." : "The entities say something else.");
    process.exitCode = drift.length === 0 ? 0 : 1;
  }
  await owner.destroy();
} finally {
  await services.stop();
}
