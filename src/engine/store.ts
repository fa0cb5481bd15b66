import type { Command } from "./model/commands.js";
import type { Decision } from "./model/decision.js";
import type { Loaded } from "./model/loaded.js";

/** Makes the decisions of a group, in its order; null where a member was not loaded or could not be decided. */
export type Decide = (loaded: readonly (Loaded | null)[]) => Promise<readonly (Decision | null)[]>;

/** Where enrolments are kept. */
export interface Store {
  /**
   * Loads what the commands concern under locks, lets `decide` decide, writes all decisions and commits: everything or
   * nothing. No two of the commands may meet in one row or key. Where `wait` is false, a member whose rows somebody
   * else has locked is passed over (null); else they are waited for, within the limit that the database keeps. Gives
   * the faults of those, by their place, whose decision could not be written for a reason of their own.
   */
  commit(
    commands: readonly Command[],
    options: { wait: boolean },
    decide: Decide,
  ): Promise<ReadonlyMap<number, unknown>>;
}

/** No connection is to be had: everybody who waits is told the same. */
export class StoreAway extends Error {
  override readonly name = "StoreAway";

  constructor(cause: unknown) {
    super("The database does not answer.", { cause });
  }
}

/** It failed while it was committed, or after: nobody may try it again as if nothing had happened. */
export class MayBeDone extends Error {
  override readonly name = "MayBeDone";

  constructor(cause: unknown) {
    super(`It may have been committed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
