import { formatInstant, type Instant } from "../core/index.js";
import type { Changes, ChangeSide } from "../engine/index.js";

/** What a record would change, as problems and answers alike show it: instants in UTC. */
export function formatChanges({ before, after, setAside }: Changes) {
  return { before: formatSide(before), after: formatSide(after), setAside: setAside.map(formatPlace) };
}

export function formatPlace<Event extends { occurredAt: Instant }>(event: Event) {
  return { ...event, occurredAt: formatInstant(event.occurredAt) };
}

function formatSide({ state, tasks, timers }: ChangeSide) {
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
