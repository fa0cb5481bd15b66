import { CreateTables1795461600000 } from "./1795461600000-create-tables.js";
import { ProtectHistory1795461660000 } from "./1795461660000-protect-history.js";
import { NoteCutTexts1795720000000 } from "./1795720000000-note-cut-texts.js";
import { IndexOrders1795730000000 } from "./1795730000000-index-orders.js";
import { TellWarningsAndEnds1795752000000 } from "./1795752000000-tell-warnings-and-ends.js";
import { CreateCatalogue1795761000000 } from "./1795761000000-create-catalogue.js";

/** In order. */
export const MIGRATIONS = [
  CreateTables1795461600000,
  ProtectHistory1795461660000,
  NoteCutTexts1795720000000,
  IndexOrders1795730000000,
  TellWarningsAndEnds1795752000000,
  CreateCatalogue1795761000000,
];

export { APP_ROLE, missingRoleSql } from "./app-role.js";
export { assertKnownMigrations, DatabaseNewerError, migrate, RoleMissingError } from "./migrate.js";
export { schemaDrift } from "./drift.js";
