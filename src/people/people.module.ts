import { Global, Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { PEOPLE } from "../engine/index.js";
import { CONFIG, type Config } from "../platform/config.js";
import { Sealing } from "../platform/sealing.js";
import { AccessGuard } from "./access.guard.js";
import { KnownPeople } from "./known-people.js";
import { SessionController } from "./session.controller.js";
import { SESSION_KEY, Sessions } from "./sessions.js";

/** Global, since it binds the engine's port. */
@Global()
@Module({
  controllers: [SessionController],
  providers: [
    Sessions,
    KnownPeople,
    { provide: PEOPLE, useExisting: KnownPeople },
    { provide: APP_GUARD, useClass: AccessGuard },
    {
      provide: SESSION_KEY,
      inject: [CONFIG, Sealing],
      // Derived from PATIENT_KEY, which outlives a restart, and tells nothing about it.
      useFactory: ({ http }: Config, sealing: Sealing) => (http.isLoopback ? sealing.derive("session") : null),
    },
  ],
  exports: [PEOPLE, Sessions],
})
export class PeopleModule {}
