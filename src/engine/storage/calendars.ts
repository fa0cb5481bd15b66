import { makeCalendar, type Calendar } from "../../core/index.js";
import type { LoadedCalendar } from "../model/loaded.js";

const made = new WeakMap<LoadedCalendar, Calendar>();

/** A version of a site's calendar never changes, and neither does what was computed with it. */
export function calendarOf(version: LoadedCalendar): Calendar {
  let calendar = made.get(version);
  if (!calendar) made.set(version, (calendar = makeCalendar(version)));
  return calendar;
}
