/** The pure core: documents, calendars and the fold. No clock, no I/O. */
export * from "./document/index.js";
export { ExpressionError, type FactLog } from "./expressions/index.js";
export * from "./time.js";
export { Calendar, makeCalendar, makeRule, type CalendarVersion, type Rule } from "./calendar.js";
export { canonicalJson, contentHash } from "./canonical.js";
export { compile, Pathway, RESUME_TASK, xstateJson, type CompiledTask, type CompiledTimer } from "./machine/pathway.js";
export { effectiveEvents } from "./fold/effective.js";
export { advance, factsOf, fold, makeLog, refold, type Folded, type Standing } from "./fold/fold.js";
export { project, view } from "./fold/project.js";
export type { Known, KnownTask, KnownTimer } from "./fold/reconcile.js";
export type * from "./fold/projection.js";
export type * from "./fold/records.js";
export type * from "./fold/step.js";
export type * from "./fold/stored.js";
export { activePaths } from "./fold/stored.js";
export { asks, type Asked } from "./fold/asks.js";
export { LineFault, projectLines, type ProjectOptions } from "./story/lines.js";
export { readStory, runStory, type Expectation, type Story } from "./story/story.js";
