import { type DynamicModule, Module } from "@nestjs/common";
import { AuditModule } from "./audit/index.js";
import { DocsModule } from "./docs/index.js";
import { EngineModule } from "./engine/index.js";
import { EnrolmentsModule } from "./enrolments/index.js";
import { HttpModule } from "./http/index.js";
import { PathwaysModule } from "./pathways/index.js";
import { PeopleModule } from "./people/index.js";
import { HealthModule } from "./platform/health/index.js";
import { PlatformModule, type PlatformParts } from "./platform/platform.module.js";
import { SitesModule } from "./sites/index.js";
import { BellsModule, TimersModule } from "./timers/index.js";
import { WorklistModule } from "./worklist/index.js";

@Module({
  imports: [
    HttpModule,
    HealthModule,
    DocsModule,
    PeopleModule,
    SitesModule,
    PathwaysModule,
    BellsModule,
    EngineModule,
    TimersModule,
    EnrolmentsModule,
    WorklistModule,
    AuditModule,
  ],
})
export class AppModule {
  static with(parts: PlatformParts): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.with(parts)] };
  }
}
