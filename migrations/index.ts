import { CreateTables1795461600000 } from "./1795461600000-create-tables.js";
import { ProtectHistory1795461660000 } from "./1795461660000-protect-history.js";
import { NoteCutTexts1795720000000 } from "./1795720000000-note-cut-texts.js";
import { IndexOrders1795730000000 } from "./1795730000000-index-orders.js";
import { VersionTokens1795751000000 } from "./1795751000000-version-tokens.js";
import { JoinPatients1795751100000 } from "./1795751100000-join-patients.js";
import { TellWarningsAndEnds1795752000000 } from "./1795752000000-tell-warnings-and-ends.js";
import { KeepWhatWasTold1795753000000 } from "./1795753000000-keep-what-was-told.js";
import { KnowPeople1795760000000 } from "./1795760000000-know-people.js";
import { NameResponsible1795760100000 } from "./1795760100000-name-responsible.js";
import { CreateCatalogue1795761000000 } from "./1795761000000-create-catalogue.js";
import { ReassignTasks1795762000000 } from "./1795762000000-reassign-tasks.js";

/** In order. */
export const MIGRATIONS = [
  CreateTables1795461600000,
  ProtectHistory1795461660000,
  NoteCutTexts1795720000000,
  IndexOrders1795730000000,
  VersionTokens1795751000000,
  JoinPatients1795751100000,
  TellWarningsAndEnds1795752000000,
  KeepWhatWasTold1795753000000,
  KnowPeople1795760000000,
  NameResponsible1795760100000,
  CreateCatalogue1795761000000,
  ReassignTasks1795762000000,
];

export { APP_ROLE, missingRoleSql } from "./app-role.js";
export { assertKnownMigrations, DatabaseNewerError, migrate, RoleMissingError } from "./migrate.js";
export { schemaDrift } from "./drift.js";
