import { parseDuration } from "../time.js";
import type { PathwayDocument } from "./document.js";
import { meant } from "./fault.js";
import { ownProperty } from "./resolve-schema.js";

type Duration = NonNullable<ReturnType<typeof parseDuration>>;

/** The duration that a text gives or that the parameter it names has; else what is wrong with it. */
export function resolveDuration(document: PathwayDocument, text: string): { duration: Duration } | { problem: string } {
  const parameter = ownProperty(document.parameters, text);
  if (parameter && (parameter.unit !== "duration" || typeof parameter.value !== "string")) {
    return {
      problem: `the parameter \`${text}\` is no duration but of the unit \`${parameter.unit}\`; name one whose unit is \`duration\``,
    };
  }
  const duration = parseDuration(parameter ? String(parameter.value) : text);
  if (duration && duration.sign >= 0) return { duration };
  if (duration) return { problem: `\`${text}\` goes back in time; leave the minus out` };
  if (parameter) return { problem: `the parameter \`${text}\` is no ISO 8601 duration; write one such as P7D or PT4H` };
  if (/^[-+]?P[\dT]/i.test(text)) {
    return { problem: `\`${text}\` is no ISO 8601 duration; write one such as P7D, P4W, P4M or PT4H` };
  }
  const durations = Object.entries(document.parameters).filter(([, { unit }]) => unit === "duration");
  const known = durations.map(([name]) => name);
  return { problem: `there is no parameter \`${text}\`; ${meant(text, known, "duration parameter")}` };
}

/** Whether a timer of this length can fire without time going on: then a loop of such timers never ends. */
export function takesNoTime(duration: Duration, at: string | undefined): boolean {
  if (duration.blank) return true;
  const { years, months, weeks, days, hours, minutes } = duration;
  const wholeDays = years + months + weeks + days;
  // Within a day the time of day may lie before the base: then the timer is due at once.
  return at !== undefined && wholeDays === 0 && hours * 60 + minutes < 24 * 60;
}
