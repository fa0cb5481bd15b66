import { type CalendarVersion, type DataFault, noPlaceZone, parseDate, placeZone } from "../core/index.js";

/** What the schema cannot tell: the time zone of a place, days that exist, a week in which somebody works. */
export function calendarFaults(calendar: CalendarVersion): DataFault[] {
  const faults: DataFault[] = [];
  if (placeZone(calendar.timeZone) === undefined) {
    faults.push({ pointer: "/timeZone", detail: noPlaceZone(calendar.timeZone) });
  }
  calendar.holidays.forEach((day, index) => {
    if (parseDate(day) === undefined) {
      faults.push({ pointer: `/holidays/${index}`, detail: "No such day; write it like 2026-12-25." });
    }
  });
  return faults;
}
