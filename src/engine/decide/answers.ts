import type { Standing } from "../../core/index.js";
import type { ChangeSide, Changes } from "../answer.js";
import type { Aside } from "./place.js";

export function sideOf({ stored }: Standing): ChangeSide {
  return {
    state: stored.value,
    tasks: stored.tasks.map(({ key, openedAt, dueAt }) => ({ key, openedAt, dueAt })),
    timers: stored.timers.map(({ name, state, dueAt }) => ({ name, state, dueAt })),
  };
}

/** What a recording changes, both sides at the same instant. */
export function changesOf(before: Standing, after: Standing, setAside: readonly Aside[]): Changes {
  return { before: sideOf(before), after: sideOf(after), setAside: [...setAside] };
}
