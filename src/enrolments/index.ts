export { answerOf } from "./enrolment-commands.js";
export { EnrolmentReader } from "./enrolment-reader.js";
export { EnrolmentSites } from "./enrolment-sites.js";
export { EnrolmentsModule } from "./enrolments.module.js";
export { ReportEvent } from "./events.schemas.js";
