import type { Work } from "./figure.js";

/** How many calls are under way at once, each on another patient. */
export const LANES = 32;

/**
 * Works chains off, one lane each until none is left: the links of a chain follow each other, the chains run side by
 * side. `settled` is waited for at the end and counts.
 */
export async function workOff<Link>(
  chains: readonly (readonly Link[])[],
  step: (link: Link, lane: number) => Promise<void>,
  settled: () => Promise<void> = async () => undefined,
  lanes = LANES,
): Promise<Work> {
  const latenciesMs: number[] = [];
  let next = 0;
  const began = performance.now();
  const lane = async (number: number): Promise<void> => {
    for (let chain = chains[next++]; chain; chain = chains[next++]) {
      for (const link of chain) {
        const start = performance.now();
        await step(link, number);
        latenciesMs.push(performance.now() - start);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  await settled();
  return { count: latenciesMs.length, elapsedMs: performance.now() - began, latenciesMs };
}
