import { Module } from "@nestjs/common";
import { EngineModule } from "../engine/index.js";
import { HttpModule } from "../http/index.js";
import { EventJudge } from "./event-judge.js";
import { NamedPathways } from "./named-pathways.js";
import { EnrolmentCommands } from "./enrolment-commands.js";
import { EnrolmentReader } from "./enrolment-reader.js";
import { EnrolmentSearcher } from "./enrolment-searcher.js";
import { EnrolmentsController } from "./enrolments.controller.js";
import { EventsController } from "./events.controller.js";
import { Histories } from "./histories.js";
import { Persons } from "./persons.js";
import { PersonsController } from "./persons.controller.js";
import { PatientsModule } from "../patients/index.js";
import { RedFlagOffers } from "./red-flag-offers.js";
import { Refusals } from "./refusals.js";
import { ResponsibleController } from "./responsible.controller.js";
import { Responsibility } from "./responsibility.js";
import { WakeUp } from "./wake-up.js";
import { Whose } from "./whose.js";

@Module({
  imports: [EngineModule, HttpModule, PatientsModule],
  controllers: [EnrolmentsController, EventsController, PersonsController, ResponsibleController],
  providers: [
    EnrolmentCommands,
    EnrolmentReader,
    EnrolmentSearcher,
    EventJudge,
    Histories,
    NamedPathways,
    Persons,
    RedFlagOffers,
    Refusals,
    Responsibility,
    WakeUp,
    Whose,
  ],
})
export class EnrolmentsModule {}
