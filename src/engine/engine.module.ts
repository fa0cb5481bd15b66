import { Global, Module } from "@nestjs/common";
import { DataSource } from "typeorm";
import { CLOCK, type Clock } from "../platform/clock.js";
import { Sealing } from "../platform/sealing.js";
import { Engine } from "./engine.js";
import { CALENDARS, PATHWAYS, type Calendars, type Pathways } from "./ports.js";
import { Rulebook } from "./rulebook.js";
import { PatientVault } from "./storage/patient-vault.js";
import { PostgresStore } from "./storage/postgres-store.js";
import { EnrolmentViews } from "./views/enrolment-views.js";

/** Needs its ports (PATHWAYS, CALENDARS) bound by global modules: those who bind them use the engine themselves. */
@Global()
@Module({
  providers: [
    {
      provide: Rulebook,
      inject: [PATHWAYS, CALENDARS],
      useFactory: (pathways: Pathways, calendars: Calendars) => new Rulebook(pathways, calendars),
    },
    {
      provide: Engine,
      inject: [DataSource, PatientVault, Rulebook, CLOCK],
      useFactory: (dataSource: DataSource, vault: PatientVault, rulebook: Rulebook, clock: Clock) =>
        new Engine(new PostgresStore(dataSource, vault), rulebook, clock),
    },
    EnrolmentViews,
    { provide: PatientVault, useFactory: (sealing: Sealing) => new PatientVault(sealing), inject: [Sealing] },
  ],
  exports: [Engine, EnrolmentViews, PatientVault],
})
export class EngineModule {}
