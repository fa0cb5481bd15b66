import { type DynamicModule, Module } from "@nestjs/common";
import { DocsModule } from "./docs/index.js";
import { HttpModule } from "./http/index.js";
import { PathwaysModule } from "./pathways/index.js";
import { PeopleModule } from "./people/index.js";
import { HealthModule } from "./platform/health/index.js";
import { PlatformModule, type PlatformParts } from "./platform/platform.module.js";
import { SitesModule } from "./sites/index.js";

@Module({
  imports: [HttpModule, HealthModule, DocsModule, PeopleModule, SitesModule, PathwaysModule],
})
export class AppModule {
  static with(parts: PlatformParts): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.with(parts)] };
  }
}
