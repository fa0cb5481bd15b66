import { fileURLToPath } from "node:url";
import { Module } from "@nestjs/common";
import { BootCheck } from "./boot-check.js";
import { PathwayRegistry } from "./pathway-registry.js";
import { PathwaysController } from "./pathways.controller.js";
import { PATHWAYS_FOLDER, PathwaysStart } from "./pathways-start.js";

@Module({
  controllers: [PathwaysController],
  providers: [PathwayRegistry, BootCheck, PathwaysStart, { provide: PATHWAYS_FOLDER, useFactory: pathwaysFolder }],
  exports: [PathwayRegistry],
})
export class PathwaysModule {}

/** The folder lies beside `src` and, once built, beside `dist`. */
function pathwaysFolder(): string {
  const inSource = import.meta.url.includes("/dist/") ? "../../../pathways" : "../../pathways";
  return fileURLToPath(new URL(inSource, import.meta.url));
}
