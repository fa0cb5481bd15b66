import { Temporal } from "temporal-polyfill";

/** Regions of the IANA database in which cities lie; `Etc`, `US` and bare names are none. */
const PLACE = /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\//;

/**
 * The name of a time zone as it is written in full, `Region/City` or `UTC`; undefined for any other: a fixed offset such
 * as EST knows no summer, and so puts nine o'clock elsewhere for half of the year.
 */
export function placeZone(name: string): string | undefined {
  // Temporal reads offsets and whole timestamps as well.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  const written = zoned(name)?.timeZoneId;
  return written !== undefined && (written === "UTC" || PLACE.test(written)) ? written : undefined;
}

/** What is wrong with such a name, in one sentence that says what to write. */
export function noPlaceZone(name: string): string {
  return `"${name}" is no time zone of a place: write region and city, such as ${meantBy(name) ?? "Europe/London or America/New_York"}, or UTC.`;
}

/** The place that a legacy name such as US/Eastern stands for, where its clocks change. */
function meantBy(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name) || !zoned(name)?.getTimeZoneTransition("next")) return undefined;
  const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
  return PLACE.test(timeZone) ? timeZone : undefined;
}

function zoned(name: string): Temporal.ZonedDateTime | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
  } catch {
    return undefined;
  }
}
