export type * from "./document/document.js";
export type * from "./time.js";
