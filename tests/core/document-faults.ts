import { expect, it } from "@jest/globals";
import { changed, faultsOf } from "./document-sample.js";

/** One change of the example, the line on which the fault is told, and the whole of what is told. */
export type FaultCase = [changes: [from: string, to: string][], line: string, message: string];

/** Each change causes its own fault and no other. */
export function itRefuses(cases: readonly FaultCase[]): void {
  it.each(cases.map((faulty) => ({ faulty, message: faulty[2] })))(
    "$message",
    ({ faulty: [changes, line, message] }) => {
      const text = changed(...changes);
      const faults = faultsOf(text);
      expect(faults.map((fault) => fault.message)).toEqual([message]);
      expect(text.split("\n")[faults[0]!.line! - 1]?.trim()).toBe(line);
      expect(faults[0]!.column).toBeGreaterThan(0);
    },
  );
}
