import type { DataFault } from "../document/fault.js";
import { childPointer } from "../document/pointer.js";

/** About the size that a body may have: a hostile one must not bring an answer many times its own size. */
const MOST_CHARACTERS = 1024 * 1024;

/** Faults as they are found, each place once. */
export class FaultList {
  private readonly faults = new Map<string, DataFault>();
  private characters = 0;

  add(path: readonly (string | number)[], detail: string): void {
    if (this.characters > MOST_CHARACTERS) return;
    const pointer = path.reduce<string>(childPointer, "");
    if (this.faults.has(pointer)) return;
    this.characters += pointer.length + detail.length;
    this.faults.set(pointer, { pointer, detail });
  }

  toArray(): DataFault[] {
    return [...this.faults.values()];
  }
}
