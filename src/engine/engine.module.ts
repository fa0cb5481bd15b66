import { Global, Module } from "@nestjs/common";
import { DataSource } from "typeorm";
import { CLOCK, type Clock } from "../platform/clock.js";
import { CONFIG, type Config } from "../platform/config.js";
import { Sealing } from "../platform/sealing.js";
import { Engine } from "./engine.js";
import { CALENDARS, PATHWAYS, type Calendars, type Pathways } from "./ports.js";
import { Rulebook } from "./rulebook.js";
import { HistoryCache } from "./storage/history-cache.js";
import { Loader } from "./storage/load.js";
import { PatientVault } from "./storage/patient-vault.js";
import { PostgresStore } from "./storage/postgres-store.js";
import { schemaOf } from "./storage/schema.js";
import { EnrolmentViews } from "./views/enrolment-views.js";

/** Needs its ports (PATHWAYS, CALENDARS) bound by global modules: those who bind them use the engine themselves. */
@Global()
@Module({
  providers: [
    { provide: PatientVault, inject: [Sealing], useFactory: (sealing: Sealing) => new PatientVault(sealing) },
    {
      provide: Rulebook,
      inject: [PATHWAYS, CALENDARS],
      useFactory: (pathways: Pathways, calendars: Calendars) => new Rulebook(pathways, calendars),
    },
    {
      provide: HistoryCache,
      inject: [CONFIG],
      useFactory: ({ historyCacheBytes }: Config) => new HistoryCache(historyCacheBytes),
    },
    {
      provide: Engine,
      inject: [DataSource, PatientVault, HistoryCache, Rulebook, CLOCK],
      useFactory: (source: DataSource, vault: PatientVault, cache: HistoryCache, rulebook: Rulebook, clock: Clock) =>
        new Engine(new PostgresStore(source, vault, cache), rulebook, clock),
    },
    {
      provide: EnrolmentViews,
      inject: [DataSource, PatientVault, HistoryCache, Rulebook, CLOCK],
      useFactory: (source: DataSource, vault: PatientVault, cache: HistoryCache, rulebook: Rulebook, clock: Clock) => {
        const schema = schemaOf(source);
        return new EnrolmentViews(schema, new Loader(schema, vault, cache), vault, rulebook, clock);
      },
    },
  ],
  exports: [Engine, EnrolmentViews, PatientVault],
})
export class EngineModule {}
