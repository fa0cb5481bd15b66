import type { Bell } from "./model/decision.js";

/** Wakes the engine when a timer is due. The row is the truth: a bell that is lost loses nothing (E8). */
export interface Bells {
  ring(bells: readonly Bell[]): void | Promise<void>;
}

/** The token under which Nest injects the bells. */
export const BELLS = Symbol("Bells");
