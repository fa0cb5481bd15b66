/** The texts of a stream of server-sent events. */
import type { Change } from "./changes.js";

/** Where nothing was heard yet: a place that nobody knows. */
export const NOWHERE = "-";

/** How long a browser waits before it opens a stream again that ended. */
const RETRY_MS = 2_000;

/** At the start: an event that is none, only the place that a resumed stream goes on from. */
export function opening(id: string): string {
  return `retry: ${RETRY_MS}\nid: ${id}\n\n`;
}

/** Shows that the connection lives, and moves the place on past what was for others. */
export function heartbeat(id: string): string {
  return `: still here\nid: ${id}\n\n`;
}

export function changed(id: string, changes: readonly Change[]): string {
  const data = changes.map(({ enrolmentId, seq, taskIds }) => ({ enrolment: enrolmentId, seq, tasks: taskIds }));
  return `event: changed\nid: ${id}\ndata: ${JSON.stringify({ changed: data })}\n\n`;
}

/** What was changed meanwhile is not told any more: whatever is shown is to be read anew. */
export function resync(id: string): string {
  return `event: resync\nid: ${id}\ndata: {}\n\n`;
}
