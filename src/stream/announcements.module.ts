import { Module, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import { Engine, EngineModule } from "../engine/index.js";
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
export class AnnouncementsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly announcer: Announcer) {}

  async onModuleInit(): Promise<void> {
    await this.announcer.start();
  }

  /** After the last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.announcer.close();
  }
}
