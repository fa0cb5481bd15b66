/** One measured figure, as `--json` prints it. */
export interface Figure {
  name: string;
  /** Throughputs per second, durations in milliseconds (the median), sizes in bytes. */
  value: number;
  unit: "per second" | "ms" | "bytes";
  /** Of each single call or firing, in milliseconds. */
  p50?: number;
  p95?: number;
  p99?: number;
  max?: number;
  /** The least that the same work could cost, measured in the same run: plain SQL per second, bare XState in ms. */
  floor?: number;
  /** `value` by `floor`. Of a throughput higher is better, of a duration lower. */
  ratio?: number;
  /** What it was measured on. */
  note?: string;
}

export type Quantiles = Required<Pick<Figure, "p50" | "p95" | "p99" | "max">>;

export function quantiles(samples: readonly number[]): Quantiles {
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? NaN };
}

/** What many lanes did together: how much, how long, and how long each part of it took. */
export interface Work {
  count: number;
  elapsedMs: number;
  latenciesMs: number[];
}

export const NO_WORK: Work = { count: 0, elapsedMs: 0, latenciesMs: [] };

export function together(one: Work, other: Work): Work {
  return {
    count: one.count + other.count,
    elapsedMs: one.elapsedMs + other.elapsedMs,
    latenciesMs: one.latenciesMs.concat(other.latenciesMs),
  };
}

export function perSecond({ count, elapsedMs }: Work): number {
  return count / (elapsedMs / 1_000);
}

export function throughput(name: string, work: Work, floor: Work | null, note: string): Figure {
  const value = perSecond(work);
  const beside = floor && { floor: perSecond(floor), ratio: value / perSecond(floor) };
  return { name, value, unit: "per second", ...quantiles(work.latenciesMs), ...beside, note };
}
