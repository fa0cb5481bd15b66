/** One measured figure, as `--json` prints it. */
export interface Figure {
  name: string;
  /** Throughputs per second, durations in milliseconds (the median), sizes in bytes, comparisons as a ratio. */
  value: number;
  unit: "per second" | "ms" | "bytes" | "ratio";
  /** Of each single call or firing, in milliseconds. */
  p50?: number;
  p95?: number;
  p99?: number;
  max?: number;
  /**
   * What the same would come to with nothing around it, in the same run and in the same unit: where rows are written,
   * plain SQL writing the same rows at the same concurrency.
   */
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

export function throughput(name: string, work: Work, floor: Work, note: string): Figure {
  const beside = besideFloor(perSecond(work), perSecond(floor));
  return { name, ...beside, unit: "per second", ...quantiles(work.latenciesMs), note };
}

/** The median of many, in milliseconds. */
export function duration(name: string, samples: readonly number[], floor: readonly number[], note: string): Figure {
  const all = quantiles(samples);
  return { name, ...besideFloor(all.p50, quantiles(floor).p50), unit: "ms", ...all, note };
}

/** For any unit. */
export function besideFloor(value: number, floor: number): { value: number; floor: number; ratio: number } {
  return { value, floor, ratio: value / floor };
}
