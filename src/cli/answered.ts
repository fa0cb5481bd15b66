import { ExpressionError, LineFault } from "../core/index.js";
import { StartError } from "../platform/start-error.js";

/** Wrong use of a command, told in its message. */
export class WrongUse extends Error {}

/** Exit 0: done. 1: the answer is no, or a document fails as it runs. 2: wrong use. What is known is told in one sentence. */
export async function answered(command: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await command()) ? 0 : 1;
  } catch (error) {
    if (!isKnown(error)) throw error;
    console.error(error.message);
    process.exitCode = error instanceof ExpressionError ? 1 : 2;
  }
}

function isKnown(error: unknown): error is Error {
  return [WrongUse, LineFault, ExpressionError, StartError].some((kind) => error instanceof kind);
}
