import type { Instant } from "../../core/index.js";
import type { Aside } from "./records.js";

/** What a recording changes: both sides at the same instant. */
export interface Changes {
  before: ChangeSide;
  after: ChangeSide;
  setAside: Aside[];
}

export interface ChangeSide {
  state: unknown;
  tasks: { key: string; openedAt: Instant; dueAt: Instant }[];
  timers: { name: string; state: string; dueAt: Instant }[];
}
