/** The engine's public face: everything that changes an enrolment goes through `Engine`, everything read through views. */
export type * from "./answer.js";
export { BELLS, type Bells } from "./bells.js";
export { formatChanges, formatPlace } from "./changes.js";
export type * from "./commands.js";
export { armCrashPoint, crashPoint, type CrashPoint } from "./crash-points.js";
export { NOBODY_WATCHES } from "./decide/objections.js";
export { RED_FLAG, signsIn } from "./decide/red-flags.js";
export type { Bell } from "./decision.js";
export { EngineModule } from "./engine.module.js";
export { Engine } from "./engine.service.js";
export { EnrolmentViews, type Moment } from "./enrolment-views.js";
export type { Effective, HistoryItem } from "./history-item.js";
export { Loader } from "./load.js";
export type {
  Because,
  EnrolmentRow,
  Loaded,
  LoadedCalendar,
  LoadedEnrolment,
  RecordKind,
  TaskRow,
  TimerRow,
} from "./loaded.js";
export { searchPatients } from "./patient-search.js";
export { nameTokens } from "./patient-tokens.js";
export { PatientVault } from "./patient-vault.js";
export { PATHWAYS, PEOPLE, type Pathways, type People } from "./ports.js";
export { verifyChains } from "./verify-chains.js";
