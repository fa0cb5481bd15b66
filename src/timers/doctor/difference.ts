import type { RowDifference } from "../../engine/index.js";

/** Something that is not as state and document say, in one sentence. */
export interface Difference {
  kind: RowDifference["kind"] | "job missing" | "job late" | "job surplus";
  enrolmentId: string;
  sentence: string;
}
