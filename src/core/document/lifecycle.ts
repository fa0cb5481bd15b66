import type { EventDeclaration, Role } from "./document.js";

export const ENROLLED = "pathway.enrolled";
export const PAUSED = "pathway.paused";
export const RESUMED = "pathway.resumed";
export const EXITED = "pathway.exited";

/** The flag that the engine itself raises. */
export const SET_ASIDE = "setAside";

const REPORTERS: Role[] = ["coordinator", "clinician", "lead", "system"];

// Years that no zone carries beyond four digits.
const DAY = "(?!0000|9999)\\d{4}-\\d{2}-\\d{2}";
const TIME = "[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})";

const EXIT_REASONS = [
  "completed",
  "died",
  "withdrew",
  "transferred",
  "lostToFollowUp",
  "declined",
  "enrolledInError",
] as const;

/** The engine's own events: the same for every pathway, declared by none. */
export const LIFECYCLE_EVENTS: Readonly<Record<string, EventDeclaration>> = {
  [ENROLLED]: {
    title: "Enrolled",
    reporters: REPORTERS,
    schema: { type: "object", properties: {} },
  },
  [PAUSED]: {
    title: "Paused",
    reporters: REPORTERS,
    schema: {
      type: "object",
      required: ["reason"],
      properties: {
        reason: { type: "string", minLength: 1, maxLength: 2000, title: "Reason", "x-personal": true },
        resumeOn: {
          type: "string",
          title: "Resume on",
          description: "An instant, or a bare date of the site.",
          pattern: `^${DAY}(${TIME})?$`,
          anyOf: [{ format: "date" }, { format: "date-time" }],
        },
      },
    },
  },
  [RESUMED]: {
    title: "Resumed",
    reporters: REPORTERS,
    schema: { type: "object", properties: {} },
  },
  [EXITED]: {
    title: "Exited",
    reporters: REPORTERS,
    // The patient may have died: what no longer fits is set aside, never asked back (fold.md F6).
    urgent: true,
    schema: {
      type: "object",
      required: ["reason"],
      properties: { reason: { type: "string", title: "Reason", enum: [...EXIT_REASONS] } },
    },
  },
};

/** Whether a type is the engine's, so that no document may declare or take it. */
export function isReserved(type: string): boolean {
  return /^(pathway|xstate|done|error)(\.|$)/.test(type);
}
