import type { CalendarVersion, Pathway } from "../core/index.js";

/** The published versions, ready to run. */
export interface Pathways {
  /** The highest version published under an id. */
  newest(id: string): Promise<{ version: string } | undefined>;
  pathway(id: string, version: string): Promise<Pathway | undefined>;
}
export const PATHWAYS = Symbol("Pathways");

/** The versions of the sites' calendars. */
export interface Calendars {
  newest(site: string): Promise<(CalendarVersion & { version: number }) | undefined>;
  version(site: string, version: number): Promise<CalendarVersion | undefined>;
}
export const CALENDARS = Symbol("Calendars");
