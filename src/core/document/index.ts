export { checkDocument } from "./check.js";
export type * from "./document.js";
export { formatFault, type DataFault, type Fault, type Locate } from "./fault.js";
export { EXIT_REASONS, isReserved, LIFECYCLE_EVENTS, type ExitReason } from "./lifecycle.js";
export { makeMask, maskPersonal, personalPointers } from "./personal.js";
export { parseDocument, type Parsed } from "./parse.js";
export { resolveSchema } from "./resolve-schema.js";
export { dataFaults, makeValidator } from "./validator.js";
export { expandWildcards } from "./wildcards.js";
