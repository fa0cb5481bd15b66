/**
 * The same histories every time, so that a red main is a change's fault; look further with PROPERTY_SEED and
 * PROPERTY_RUNS (times as many).
 */
const SEED = Number(process.env["PROPERTY_SEED"] ?? 20_260_105);

const times = Number(process.env["PROPERTY_RUNS"] ?? 1);

export const runs = (numRuns: number): { numRuns: number; seed: number } => ({ numRuns: numRuns * times, seed: SEED });
