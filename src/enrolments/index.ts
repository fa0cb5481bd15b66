export { answerOf } from "./enrolment-commands.js";
export { EnrolmentReader } from "./enrolment-reader.js";
export { EnrolmentSites } from "./enrolment-sites.js";
export { EnrolmentsModule } from "./enrolments.module.js";
export { ReportEvent } from "./events.schemas.js";
export { PatientReader } from "./patient-reader.js";
export { TaskAnswer } from "./task.schemas.js";
export { taskAnswer } from "./task-view.js";
