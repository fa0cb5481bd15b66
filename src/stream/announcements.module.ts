import { Module } from "@nestjs/common";
import { EngineModule, Engine } from "../engine/index.js";
import { Broadcast } from "../platform/broadcast.js";
import { Announcer } from "./announcer.js";

/** Tells every process what was committed in this one. */
@Module({
  imports: [EngineModule],
  providers: [
    {
      provide: Announcer,
      inject: [Broadcast, Engine],
      useFactory: (broadcast: Broadcast, engine: Engine) => new Announcer(broadcast, engine),
    },
  ],
})
export class AnnouncementsModule {}
