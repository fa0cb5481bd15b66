import { Module } from "@nestjs/common";
import { EngineModule } from "../engine/index.js";
import { HttpModule } from "../http/index.js";
import { PathwaysModule } from "../pathways/index.js";
import { PatientsModule } from "../patients/index.js";
import { SitesModule } from "../sites/index.js";
import { Reassignment } from "./reassignment.js";
import { TaskExport } from "./task-export.js";
import { TaskOperations } from "./task-operations.js";
import { TasksController } from "./tasks.controller.js";
import { Worklist } from "./worklist.js";
import { WorklistRows } from "./worklist-rows.js";

@Module({
  imports: [EngineModule, HttpModule, PatientsModule, PathwaysModule, SitesModule],
  controllers: [TasksController],
  providers: [Worklist, WorklistRows, TaskOperations, Reassignment, TaskExport],
})
export class TasksModule {}
