export { EnrolmentsModule } from "./enrolments.module.js";
export { ReportEvent } from "./events.schemas.js";
