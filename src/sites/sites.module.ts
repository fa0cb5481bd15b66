import { Module } from "@nestjs/common";
import { SitesController } from "./sites.controller.js";
import { SitesSeed } from "./sites.seed.js";
import { Sites } from "./sites.js";

@Module({ controllers: [SitesController], providers: [Sites, SitesSeed], exports: [Sites] })
export class SitesModule {}
