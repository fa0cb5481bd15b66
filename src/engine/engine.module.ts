import { Global, Module } from "@nestjs/common";
import { Sealing } from "../platform/sealing.js";
import { Engine } from "./engine.service.js";
import { EnrolmentViews } from "./views/enrolment-views.js";
import { PatientVault } from "./storage/patient-vault.js";

/** Needs its ports (PATHWAYS, PEOPLE, BELLS) bound by global modules: those who bind them use the engine themselves. */
@Global()
@Module({
  providers: [
    Engine,
    EnrolmentViews,
    { provide: PatientVault, useFactory: (sealing: Sealing) => new PatientVault(sealing), inject: [Sealing] },
  ],
  exports: [Engine, EnrolmentViews, PatientVault],
})
export class EngineModule {}
