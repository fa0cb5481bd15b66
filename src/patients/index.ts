export {
  Identifier,
  NewPatient,
  NotTheSame,
  PatientAnswer,
  PatientChanges,
  PersonAnswer,
  SameAs,
} from "./patient.schemas.js";
export { PatientReader } from "./patient-reader.js";
export { PatientsModule } from "./patients.module.js";
