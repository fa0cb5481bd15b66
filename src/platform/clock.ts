import type { Instant } from "../core/index.js";

/** The one source of now in TypeScript (E9); `pathkeeper_now()` is its twin in SQL, and a test moves both together. */
export interface Clock {
  now(): Instant;
}

/** The token under which Nest injects the clock. */
export const CLOCK = Symbol("Clock");

export const systemClock: Clock = { now: () => Date.now() };
