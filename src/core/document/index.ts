export { checkDocument } from "./check.js";
export type * from "./document.js";
export { formatFault, type DataFault, type Fault, type Locate } from "./fault.js";
export { ENROLLED, EXITED, isReserved, LIFECYCLE_EVENTS, PAUSED, RESUMED, SET_ASIDE } from "./lifecycle.js";
export { makeMask, maskedPointers, maskPersonal, personalPointers } from "./personal.js";
export { parseDocument, type Parsed } from "./parse.js";
export { findEvent, ownProperty, resolveSchema } from "./resolve-schema.js";
export { dataFaults, makeValidator } from "./validator.js";
export { expandWildcards } from "./wildcards.js";
