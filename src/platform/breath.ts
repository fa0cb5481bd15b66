import { setImmediate } from "node:timers/promises";

/** Others read meanwhile: nothing that goes on for long keeps the event loop for longer at a stretch. */
const LONGEST_MS = 4;

/** Taken between the parts of something long: lets others go first where it has been long enough since. */
export class Breath {
  private since = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.since < LONGEST_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
