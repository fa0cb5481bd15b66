import { Global, Inject, Logger, Module, type OnModuleInit } from "@nestjs/common";
import { DataSource } from "typeorm";
import { CLOCK, type Clock } from "../platform/clock.js";
import { CONFIG, type Config } from "../platform/config.js";
import { Sealing } from "../platform/sealing.js";
import { assembleEngine, type EngineParts } from "./assemble.js";
import { Engine } from "./engine.js";
import { CALENDARS, PATHWAYS, type Calendars, type Pathways } from "./ports.js";
import { PatientVault } from "./storage/patient-vault.js";
import { EnrolmentViews } from "./enrolment-views.js";

const PARTS = Symbol("EngineParts");

/** Needs its ports (PATHWAYS, CALENDARS) bound by global modules: those who bind them use the engine themselves. */
@Global()
@Module({
  providers: [
    { provide: PatientVault, inject: [Sealing], useFactory: (sealing: Sealing) => new PatientVault(sealing) },
    {
      provide: PARTS,
      inject: [DataSource, PatientVault, PATHWAYS, CALENDARS, CLOCK, CONFIG],
      useFactory: (
        dataSource: DataSource,
        vault: PatientVault,
        pathways: Pathways,
        calendars: Calendars,
        clock: Clock,
        { historyCacheBytes, confirmOlderThan }: Config,
      ) => assembleEngine({ dataSource, vault, pathways, calendars, clock, historyCacheBytes, confirmOlderThan }),
    },
    { provide: Engine, inject: [PARTS], useFactory: ({ engine }: EngineParts) => engine },
    { provide: EnrolmentViews, inject: [PARTS], useFactory: ({ views }: EngineParts) => views },
  ],
  exports: [Engine, EnrolmentViews, PatientVault],
})
export class EngineModule implements OnModuleInit {
  private readonly logger = new Logger("Engine");

  constructor(@Inject(PARTS) private readonly parts: EngineParts) {}

  async onModuleInit(): Promise<void> {
    const renewed = await this.parts.renewTokens();
    if (renewed > 0) this.logger.log(`${renewed} patients are found by the present tokens from now on.`);
  }
}
