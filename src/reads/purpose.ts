/** What somebody reads for. */
export type Purpose =
  | "amendment"
  | "calendar"
  | "correction"
  | "enrolment"
  | "head"
  | "history"
  | "pathway"
  | "patient"
  | "report"
  | "search"
  | "task"
  | "verification"
  | "worklist";

/** Who reads. */
export interface Reader {
  id: string;
}

/** The process itself, for what it needs to know to do its work. */
export const PATHKEEPER: Reader = { id: "pathkeeper" };
