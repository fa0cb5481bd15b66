import type { Calendar, Instant, Stored } from "../../core/index.js";
import type { Stay } from "../model/loaded.js";
import type { Refusal } from "../model/refusals.js";

type Span = Pick<Stored, "enrolledAt" | "exit">;

const endOf = ({ exit }: Span): Instant => exit?.at ?? Infinity;

/**
 * A patient is on a pathway once at a time: an enrolment shares no instant with another one, the instant of an exit left
 * out. `pointer`: what in the request says otherwise.
 */
export function overlap(span: Span, others: readonly Stay[], pointer: string, calendar: Calendar): Refusal | undefined {
  const shared = others.findLast(({ from, until }) => {
    return Math.max(from, span.enrolledAt) < Math.min(until ?? Infinity, endOf(span));
  });
  if (!shared) return undefined;
  const { enrolmentId: enrolment, from, until } = shared;
  const isSameDay = (end: Instant | null, start: Instant): boolean =>
    end !== null && calendar.dateOf(end) === calendar.dateOf(start);
  // A date alone ends at the end of its day and begins at the start of it.
  const sameDay = isSameDay(until, span.enrolledAt) || isSameDay(span.exit?.at ?? null, from);
  return { name: "overlapping-enrolment", pointer, enrolment, from, until, ...(sameDay && { sameDay }) };
}

/** Whether it begins earlier or lasts longer: what overlaps already may be mended step by step. */
export function isLonger(after: Span, before: Span): boolean {
  return after.enrolledAt < before.enrolledAt || endOf(after) > endOf(before);
}
