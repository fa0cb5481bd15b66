import { Temporal } from "temporal-polyfill";
import { formatInstant, type Instant, makeCalendar } from "../core/index.js";
import type { Site } from "../sites/index.js";

/** Where today and the week end at each site, as columns for `unnest`: sites differ in their time zones. */
export interface SiteDays {
  ids: string[];
  todayFrom: string[];
  todayTo: string[];
  weekTo: string[];
}

export function siteDays(sites: readonly Site[], now: Instant): SiteDays {
  const days: SiteDays = { ids: [], todayFrom: [], todayTo: [], weekTo: [] };
  for (const site of sites) {
    const calendar = makeCalendar(site.calendar);
    const today = Temporal.PlainDate.from(calendar.dateOf(now));
    const startIn = (count: number) => formatInstant(calendar.startOfDay(today.add({ days: count }).toString()));
    days.ids.push(site.id);
    days.todayFrom.push(startIn(0));
    days.todayTo.push(startIn(1));
    days.weekTo.push(startIn(7));
  }
  return days;
}
