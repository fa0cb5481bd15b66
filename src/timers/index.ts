export { BellsModule } from "./bells.module.js";
export { TimersModule } from "./timers.module.js";
export { TimerBells } from "./timer-bells.js";
export { JOB_OPTIONS, TIMERS_QUEUE, type TimerJobData } from "./timer-jobs.js";
export { openDoctor, type OpenDoctor, type Patient } from "./doctor/open-doctor.js";
export type { Diagnosis, DoctorOptions, Progress } from "./doctor/doctor.js";
export type { Difference } from "./doctor/difference.js";
