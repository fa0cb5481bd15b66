import type { Committed, WokenBy } from "../engine/index.js";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { withTimeLimit } from "../platform/time-limit.js";

/** What is asked when somebody looks at the metrics. */
export interface TimerGauges {
  overdue(): Promise<number>;
  /** By state. */
  jobs(): Promise<Record<string, number>>;
}

/** A store that hangs must not hang the metrics that tell of it. */
const PATIENCE_MS = 1_000;

/** Seconds; the grace of the sweeper (5 s) and its rhythm stand between the fine and the coarse ones. */
const LATENESS_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 30, 60, 600, 3600];

/**
 * Alert on lateness, on what is overdue and on what the sweeper had to wake; never on "the worker is up": a worker can
 * fall silent and look well.
 */
export class TimerMetrics {
  private readonly firings: Counter<"woken_by">;
  private readonly lateness: Histogram<"woken_by">;
  private readonly bellsRung: Counter;
  private readonly bellsLost: Counter;
  private readonly bellsWaiting: Gauge;

  constructor(registry: Registry, gauges?: TimerGauges) {
    const registers = [registry];
    this.firings = new Counter({
      name: "pathkeeper_timers_fired_total",
      help: "Timers fired, by what woke them: a job, the sweeper or an event.",
      labelNames: ["woken_by"],
      registers,
    });
    this.lateness = new Histogram({
      name: "pathkeeper_timer_lateness_seconds",
      help: "How long after its due instant (or its arming, if later) a timer fired, by what woke it.",
      labelNames: ["woken_by"],
      buckets: LATENESS_BUCKETS,
      registers,
    });
    this.bellsRung = new Counter({
      name: "pathkeeper_bells_rung_total",
      help: "Bells handed to the queue.",
      registers,
    });
    this.bellsLost = new Counter({
      name: "pathkeeper_bells_lost_total",
      help: "Bells that never reached the queue. Their timers fire by the sweeper.",
      registers,
    });
    this.bellsWaiting = new Gauge({
      name: "pathkeeper_bells_waiting",
      help: "Bells in memory that the queue has not taken yet.",
      registers,
    });
    for (const by of ["job", "sweep", "event"] as const) {
      this.firings.inc({ woken_by: by }, 0);
      this.lateness.zero({ woken_by: by });
    }
    if (gauges) this.observe(gauges, registers);
  }

  fired(by: WokenBy, latenessMs: number): void {
    this.firings.inc({ woken_by: by });
    this.lateness.observe({ woken_by: by }, latenessMs / 1_000);
  }

  /** A listener to the engine's commits. */
  committed(all: readonly Committed[]): void {
    for (const { fired } of all) for (const { by, latenessMs } of fired) this.fired(by, latenessMs);
  }

  rung(count: number): void {
    this.bellsRung.inc(count);
  }

  waiting(count: number): void {
    this.bellsWaiting.set(count);
  }

  lost(count: number): void {
    this.bellsLost.inc(count);
  }

  /** Gauges are asked for at each scrape; one that cannot be had keeps its last value. */
  private observe(gauges: TimerGauges, registers: Registry[]): void {
    new Gauge({
      name: "pathkeeper_timers_overdue",
      help: "Pending timers past their due instant.",
      registers,
      async collect() {
        const count = await soon(gauges.overdue());
        if (count !== null) this.set(count);
      },
    });
    new Gauge({
      name: "pathkeeper_queue_jobs",
      help: "Jobs in the timers' queue, by state.",
      labelNames: ["queue", "state"],
      registers,
      async collect() {
        const jobs = await soon(gauges.jobs());
        for (const [state, count] of Object.entries(jobs ?? {})) this.set({ queue: "timers", state }, count);
      },
    });
  }
}

function soon<T>(asked: Promise<T>): Promise<T | null> {
  return withTimeLimit(
    PATIENCE_MS,
    asked.catch(() => null),
    null,
  );
}
