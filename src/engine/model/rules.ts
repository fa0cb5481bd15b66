import type { Calendar, Instant, Pathway } from "../../core/index.js";
import type { EnrolmentRow } from "./rows.js";

/** Which versions ruled an enrolment from the record `seq` on. */
export interface Pin extends Pick<EnrolmentRow, "pathway" | "siteId" | "calendarVersion"> {
  enrolmentId: string;
  seq: number;
}

/** A pin as it was recorded. */
export interface RecordedPin extends Pin {
  recordedAt: Instant;
}

/** What an enrolment is ruled by: one version of a pathway and one of its site's calendar. */
export interface Rules {
  pathway: Pathway;
  calendar: Calendar;
}

/** The rules, and the present. */
export interface Setting extends Rules {
  now: Instant;
}

/** What a new enrolment is to be pinned to; null: no such version is published, or there is no such site. */
export interface Choice {
  pathway: Pathway | null;
  calendar: { version: number; calendar: Calendar } | null;
}

/** What rules now: the row carries it. */
export function newestPin({ row, seq }: { row: EnrolmentRow; seq: number }): Pin {
  return { ...row, enrolmentId: row.id, seq };
}

/** The pin that ruled when a record was written (fold.md F1). */
export function pinAt(pins: readonly Pin[], seq: number): Pin {
  const pin = pins.findLast((each) => each.seq <= seq) ?? pins[0];
  if (!pin) throw new Error("A history without a pin: nobody knows what rules it.");
  return pin;
}
