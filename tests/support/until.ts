export interface UntilOptions {
  timeoutMs?: number;
  everyMs?: number;
  /** What is waited for; stands in the error. */
  what?: string;
}

/** Waits until the condition gives something true, and gives it back. An error thrown by the condition means "not yet". */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 15_000, everyMs = 20, what = "the condition" }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
