/** What somebody reads for. */
export type Purpose =
  | "amendment"
  | "calendar"
  | "correction"
  | "doctor"
  | "enrolment"
  | "head"
  | "history"
  | "pathway"
  | "patient"
  | "people"
  | "report"
  | "responsible"
  | "search"
  | "task"
  | "timers"
  | "verification"
  | "worklist";

/** Who reads. */
export interface Reader {
  id: string;
}

/** The process itself, for what it needs to know to do its work. */
export const PATHKEEPER: Reader = { id: "pathkeeper" };

/** Somebody's reading, as it is told: ids and codes only. */
export interface Reading {
  reader: Reader;
  purpose: Purpose;
  /** The enrolments whose record is shown, or was asked for in vain; none where it is nobody's in particular. */
  subjects: readonly string[];
  outcome: "granted" | "refused";
}

/** Waited for: what is read is given to nobody before every listener has it, nor where one of them fails. */
export type ReadListener = (reading: Reading) => void | Promise<void>;
