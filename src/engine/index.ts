/** The engine's public face: everything that changes an enrolment goes through `Engine`, everything read through views. */
export type * from "./model/answer.js";
export { formatChanges, formatPlace } from "./model/changes.js";
export type * from "./model/commands.js";
export { isKeyed } from "./model/commands.js";
export { armCrashPoint, crashPoint, type CrashPoint } from "./crash-points.js";
export { NOBODY_WATCHES } from "./deciding/objections.js";
export { RED_FLAG, signsIn } from "./deciding/red-flags.js";
export type * from "./model/committed.js";
export { EngineModule } from "./engine.module.js";
export { Engine } from "./engine.js";
export { examineRows, unreadable, type RowDifference } from "./views/differences.js";
export { EnrolmentViews, type Moment } from "./views/enrolment-views.js";
export type { Effective, HistoryItem } from "./views/history-item.js";
export { Loader } from "./storage/load.js";
export type {
  Because,
  EnrolmentRow,
  Loaded,
  LoadedEnrolment,
  Pin,
  RecordKind,
  TaskRow,
  TimerRow,
} from "./model/loaded.js";
export { searchPatients } from "./storage/patient-search.js";
export { nameTokens } from "./storage/patient-tokens.js";
export { PatientVault } from "./storage/patient-vault.js";
export { CALENDARS, PATHWAYS, type Calendars, type Pathways } from "./ports.js";
export { Rulebook } from "./rulebook.js";
export { PostgresStore } from "./storage/postgres-store.js";
export { verifyChains } from "./storage/verify-chains.js";
