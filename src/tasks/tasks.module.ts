import { Module } from "@nestjs/common";
import { EngineModule } from "../engine/index.js";
import { PathwaysModule } from "../pathways/index.js";
import { PatientsModule } from "../patients/index.js";
import { SitesModule } from "../sites/index.js";
import { TaskOperations } from "./task-operations.js";
import { TasksController } from "./tasks.controller.js";
import { Worklist } from "./worklist.js";

@Module({
  imports: [EngineModule, PatientsModule, PathwaysModule, SitesModule],
  controllers: [TasksController],
  providers: [Worklist, TaskOperations],
})
export class TasksModule {}
