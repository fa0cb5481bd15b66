import { join } from "node:path";
import { Global, Module } from "@nestjs/common";
import { PATHWAYS } from "../engine/index.js";
import { HttpModule } from "../http/index.js";
import { PACKAGE_ROOT } from "../platform/package-root.js";
import { BootCheck } from "./boot-check.js";
import { CatalogueRegistry } from "./catalogue-registry.js";
import { CataloguesController } from "./catalogues.controller.js";
import { PathwayRegistry } from "./pathway-registry.js";
import { PathwaysController } from "./pathways.controller.js";
import { PATHWAYS_FOLDER, PathwaysStart } from "./pathways-start.js";

/** Global, since it binds the engine's port. */
@Global()
@Module({
  controllers: [PathwaysController, CataloguesController],
  imports: [HttpModule],
  providers: [
    PathwayRegistry,
    CatalogueRegistry,
    { provide: PATHWAYS, useExisting: PathwayRegistry },
    BootCheck,
    PathwaysStart,
    { provide: PATHWAYS_FOLDER, useValue: join(PACKAGE_ROOT, "pathways") },
  ],
  exports: [PATHWAYS, PathwayRegistry, CatalogueRegistry],
})
export class PathwaysModule {}
