import { Global, Module } from "@nestjs/common";
import { CALENDARS } from "../engine/index.js";
import { HttpModule } from "../http/index.js";
import { PLACES } from "../people/index.js";
import { SitesController } from "./sites.controller.js";
import { SitesSeed } from "./sites.seed.js";
import { Sites } from "./sites.js";

/** Global, since it binds the ports of the engine and of the people. */
@Global()
@Module({
  imports: [HttpModule],
  controllers: [SitesController],
  providers: [
    ...[Sites, SitesSeed],
    { provide: CALENDARS, useExisting: Sites },
    { provide: PLACES, useExisting: Sites },
  ],
  exports: [Sites, CALENDARS, PLACES],
})
export class SitesModule {}
