export { type EnrolmentHead, EnrolmentHeads, type SealedPatientRow } from "./enrolment-heads.js";
export { PATHKEEPER, type Purpose, type Reader } from "./purpose.js";
export { type ReadListener, Reads } from "./reads.js";
export { ReadsModule } from "./reads.module.js";
