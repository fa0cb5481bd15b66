import { formatInstant, formatWhen } from "../core/index.js";
import type { RecordedEvent } from "../engine/index.js";

export function eventAnswer(event: RecordedEvent) {
  return {
    seq: event.seq,
    type: event.type,
    occurredAt: formatWhen(event.occurredAt),
    recordedAt: formatInstant(event.recordedAt),
    by: event.by,
    ...(event.performer !== null && { performer: event.performer }),
    ...(event.source !== null && { source: event.source }),
    data: event.data,
    ...(event.note !== null && { note: event.note }),
  };
}
