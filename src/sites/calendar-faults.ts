import { type CalendarVersion, type DataFault, makeCalendar, parseDate } from "../core/index.js";

/** What the schema cannot tell: a time zone that exists, days that exist, a week in which somebody works. */
export function calendarFaults(calendar: CalendarVersion): DataFault[] {
  const faults: DataFault[] = [];
  if (!isTimeZone(calendar.timeZone)) {
    faults.push({ pointer: "/timeZone", detail: "No IANA time zone has this name; write it like Europe/Berlin." });
  }
  calendar.holidays.forEach((day, index) => {
    if (parseDate(day) === undefined) {
      faults.push({ pointer: `/holidays/${index}`, detail: "No such day; write it like 2026-12-25." });
    }
  });
  return faults;
}

function isTimeZone(name: string): boolean {
  // An offset such as +02:00 is accepted by Temporal, but knows no daylight saving: it is not what a site means.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    makeCalendar({ timeZone: name, workingDays: [1], holidays: [] }).dateOf(0);
    return true;
  } catch {
    return false;
  }
}
