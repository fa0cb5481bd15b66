export { type EnrolmentHead, EnrolmentHeads, type SealedPatientRow } from "./enrolment-heads.js";
export { NoSuchRecord, ReadsBusy } from "./faults.js";
export { PATHKEEPER, type Purpose, type Reader, type Reading, type ReadListener } from "./purpose.js";
export { Reads } from "./reads.js";
export { ReadsModule } from "./reads.module.js";
export { Together } from "./together.js";
