import type { CalendarVersion } from "../core/index.js";
import type { OnCall } from "./on-call.js";

/** A place where care happens, with the newest version of its calendar. */
export interface Site {
  id: string;
  name: string;
  calendar: CalendarVersion & { version: number };
  onCall: OnCall;
}

/** The site that exists from the start. */
export const MAIN_SITE = "main";

export const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5];
