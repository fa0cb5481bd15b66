import { formatInstant, formatWhen, type Instant } from "../core/index.js";
import type { Changes, ChangeSide, RecordedEvent } from "../engine/index.js";

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

export function changesAnswer({ before, after, setAside }: Changes) {
  return { before: sideAnswer(before), after: sideAnswer(after), setAside: setAside.map(placeAnswer) };
}

export function placeAnswer<Event extends { occurredAt: Instant }>(event: Event) {
  return { ...event, occurredAt: formatInstant(event.occurredAt) };
}

function sideAnswer({ state, tasks, timers }: ChangeSide) {
  return {
    state,
    tasks: tasks.map(({ key, openedAt, dueAt }) => ({
      key,
      openedAt: formatInstant(openedAt),
      dueAt: formatInstant(dueAt),
    })),
    timers: timers.map(({ dueAt, ...timer }) => ({ ...timer, dueAt: formatInstant(dueAt) })),
  };
}
