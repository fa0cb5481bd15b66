import { join } from "node:path";
import { Module } from "@nestjs/common";
import { HttpModule } from "../http/index.js";
import { PACKAGE_ROOT } from "../platform/package-root.js";
import { BootCheck } from "./boot-check.js";
import { PathwayRegistry } from "./pathway-registry.js";
import { PathwaysController } from "./pathways.controller.js";
import { PATHWAYS_FOLDER, PathwaysStart } from "./pathways-start.js";

@Module({
  controllers: [PathwaysController],
  imports: [HttpModule],
  providers: [
    PathwayRegistry,
    BootCheck,
    PathwaysStart,
    { provide: PATHWAYS_FOLDER, useValue: join(PACKAGE_ROOT, "pathways") },
  ],
  exports: [PathwayRegistry],
})
export class PathwaysModule {}
