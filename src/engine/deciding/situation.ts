import type { Instant, Rule } from "../../core/index.js";
import type { Loaded } from "../model/loaded.js";
import type { Choice, Pin, Rules } from "../model/rules.js";

/** Everything that one command is decided from, besides itself. Values and pure functions only. */
export interface Situation {
  loaded: Loaded;
  /** For a new enrolment. */
  choice: Choice;
  /** What rules an enrolment by a pin of its own. */
  rulesOf(pin: Pin): Rules;
  /** The engine's clock under the lock, never before the enrolment's newest record. */
  now: Instant;
  /** Leads from now back to the instant before which a time is asked about. */
  farBack: Rule;
  /** Ids for what the command may bring into being. */
  ids: { enrolment: string; patient: string };
}
