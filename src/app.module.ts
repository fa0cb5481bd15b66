import { type DynamicModule, Module } from "@nestjs/common";
import { AuditModule } from "./audit/index.js";
import { DocsModule } from "./docs/index.js";
import { EngineModule } from "./engine/index.js";
import { EnrolmentsModule } from "./enrolments/index.js";
import { HealthModule, HttpModule } from "./http/index.js";
import { BoardModule, OverdueModule } from "./operations/index.js";
import { PathwaysModule } from "./pathways/index.js";
import { PeopleModule } from "./people/index.js";
import { PlatformModule, type PlatformParts } from "./platform/platform.module.js";
import { ReadsModule } from "./reads/index.js";
import { SitesModule } from "./sites/index.js";
import { AnnouncementsModule, StreamModule } from "./stream/index.js";
import { TasksModule } from "./tasks/index.js";
import { BellsModule, TimersModule } from "./timers/index.js";

/** What every process runs: the engine with what it stands on. Whether timers are woken here is for their module to say. */
const WORKING = [
  ReadsModule,
  HttpModule,
  HealthModule,
  PeopleModule,
  PathwaysModule,
  SitesModule,
  BellsModule,
  EngineModule,
  AnnouncementsModule,
  TimersModule,
  OverdueModule,
];

/** What people and other systems talk to; a process that is a worker only leaves it out. */
const SERVING = [DocsModule, EnrolmentsModule, TasksModule, AuditModule, StreamModule, BoardModule];

@Module({})
export class AppModule {
  static with(parts: PlatformParts): DynamicModule {
    const rooms = parts.config.role === "worker" ? WORKING : [...WORKING, ...SERVING];
    return { module: AppModule, imports: [PlatformModule.with(parts), ...rooms] };
  }
}
