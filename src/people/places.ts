import type { Sql } from "../platform/statement.js";

/** What people need to know of the sites, whose room stands above this one and provides it. */
export interface Places {
  all(sql?: Sql): Promise<{ id: string; name: string; calendar: { timeZone: string } }[]>;
}

/** The token under which Nest injects the `Places`. */
export const PLACES = Symbol("Places");
