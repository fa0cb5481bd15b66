export { Identifier, NewPatient, PatientAnswer, PatientChanges } from "./patient.schemas.js";
export { PatientReader } from "./patient-reader.js";
export { PatientsModule } from "./patients.module.js";
