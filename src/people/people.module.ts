import { Global, Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { CONFIG, type Config } from "../platform/config.js";
import { Sealing } from "../platform/sealing.js";
import { AccessGuard } from "./access.guard.js";
import { KnownPeople } from "./known-people.js";
import { SessionController } from "./session.controller.js";
import { SESSION_KEY, Sessions } from "./sessions.js";

/** Global, since every room asks who calls. */
@Global()
@Module({
  controllers: [SessionController],
  providers: [
    Sessions,
    KnownPeople,
    { provide: APP_GUARD, useClass: AccessGuard },
    {
      provide: SESSION_KEY,
      inject: [CONFIG, Sealing],
      // Derived from PATIENT_KEY, which outlives a restart, and tells nothing about it.
      useFactory: ({ http }: Config, sealing: Sealing) => (http.isLoopback ? sealing.derive("session") : null),
    },
  ],
  exports: [KnownPeople, Sessions],
})
export class PeopleModule {}
