import { Module } from "@nestjs/common";
import { PatientReader } from "./patient-reader.js";

@Module({ providers: [PatientReader], exports: [PatientReader] })
export class PatientsModule {}
