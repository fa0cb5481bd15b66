/** Days as whole numbers, counted from 1970-01-01: whoever steps through a calendar has no time for date objects. */

/** `YYYY-MM-DD`: a day in the site's time zone, kept as typed. */
export type PlainDate = string;

export const DAY_MS = 86_400_000;

/** Of a date of the years 0 to 9999. */
export function epochDay(date: PlainDate): number {
  return dayOf(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
}

/** Days that a text with four digits for the year names. */
export function isFourDigitYear(day: number): boolean {
  return day >= FIRST_DAY && day <= LAST_DAY;
}

/** `YYYY-MM-DD`, for the years 0 to 9999. */
export function dateText(day: number): PlainDate {
  const { year, month, dayOfMonth } = partsOf(day);
  const padded = (part: number, length: number): string => String(part).padStart(length, "0");
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(dayOfMonth, 2)}`;
}

/** The same day of another month; a month that lacks it takes its last. */
export function addMonths(day: number, months: number): number {
  if (months === 0) return day;
  const { year, month, dayOfMonth } = partsOf(day);
  const count = year * 12 + (month - 1) + months;
  const first = dayOf(Math.floor(count / 12), modulo(count, 12) + 1, 1);
  const next = dayOf(Math.floor((count + 1) / 12), modulo(count + 1, 12) + 1, 1);
  return Math.min(first + dayOfMonth, next) - 1;
}

/** ISO weekday, 1 = Monday: the first of the count was a Thursday. */
export function weekday(day: number): number {
  return modulo(day + 3, 7) + 1;
}

/** The remainder that is never negative. */
export function modulo(value: number, by: number): number {
  return value - by * Math.floor(value / by);
}

/** Years begin in March here, so that the leap day is the last one; 400 of them are an era of 146,097 days. */
function dayOf(year: number, month: number, dayOfMonth: number): number {
  const marchYear = year - (month <= 2 ? 1 : 0);
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const FIRST_DAY = dayOf(0, 1, 1);
const LAST_DAY = dayOf(9999, 12, 31);

function partsOf(day: number): { year: number; month: number; dayOfMonth: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthOfYear = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthOfYear + (monthOfYear < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthOfYear + 2) / 5) + 1,
  };
}
