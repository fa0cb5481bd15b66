export { BellsModule } from "./bells.module.js";
export { TimersModule } from "./timers.module.js";
export { TimerBells } from "./timer-bells.js";
export { JOB_OPTIONS, TIMERS_QUEUE, type TimerJobData } from "./timer-jobs.js";
export { TimerMetrics } from "./timer-metrics.js";
export { Examiner } from "./doctor/examine.js";
export { type Diagnosis, Doctor, type DoctorOptions, type Progress } from "./doctor/doctor.js";
export type { Difference } from "./doctor/difference.js";
