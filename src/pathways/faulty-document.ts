import type { Fault } from "../core/index.js";
import { ProblemError } from "../http/index.js";

/** Every fault of a document or a catalogue, with its place. */
export function faulty(detail: string, faults: readonly Fault[], isText: boolean): ProblemError {
  const errors = faults.map(({ message, pointer, line, column }) => ({
    pointer,
    detail: message,
    // JSON arrives parsed: only YAML has lines that its author knows.
    ...(isText && { line, column }),
  }));
  return new ProblemError({ name: "invalid-document", detail, errors });
}
