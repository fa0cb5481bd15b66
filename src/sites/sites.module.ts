import { Module } from "@nestjs/common";
import { HttpModule } from "../http/index.js";
import { SitesController } from "./sites.controller.js";
import { SitesSeed } from "./sites.seed.js";
import { Sites } from "./sites.js";

@Module({ imports: [HttpModule], controllers: [SitesController], providers: [Sites, SitesSeed], exports: [Sites] })
export class SitesModule {}
