import { Global, Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { HttpModule } from "../http/index.js";
import { AccessGuard } from "./access.guard.js";
import { DemonstrationSignIn } from "./demonstration-sign-in.js";
import { KnownPeople } from "./known-people.js";
import { PeopleController } from "./people.controller.js";
import { People } from "./people.js";
import { PeopleSeed } from "./people.seed.js";
import { SessionController } from "./session.controller.js";
import { Sessions } from "./sessions.js";
import { SessionsController } from "./sessions.controller.js";

/** Global, since every room asks who calls. */
@Global()
@Module({
  imports: [HttpModule],
  controllers: [PeopleController, SessionController, SessionsController],
  providers: [
    People,
    PeopleSeed,
    KnownPeople,
    Sessions,
    DemonstrationSignIn,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [KnownPeople, People, Sessions],
})
export class PeopleModule {}
