import { Injectable } from "@nestjs/common";
import { Counter, Gauge, Registry } from "prom-client";

/** Why somebody was told to read anew: a gap in what processes hear, a reader too slow, a place nobody knows any more. */
const REASONS = ["gap", "slow", "unknown"] as const;
export type ResyncReason = (typeof REASONS)[number];

@Injectable()
export class StreamMetrics {
  private readonly open: Gauge;
  private readonly resyncs: Counter<"reason">;

  constructor(registry: Registry) {
    const registers = [registry];
    this.open = new Gauge({
      name: "pathkeeper_streams_open",
      help: "Open streams of changes.",
      registers,
    });
    this.resyncs = new Counter({
      name: "pathkeeper_stream_resyncs_total",
      help: "How often a stream was told to read anew, by why.",
      labelNames: ["reason"],
      registers,
    });
    for (const reason of REASONS) this.resyncs.inc({ reason }, 0);
  }

  opened(): void {
    this.open.inc();
  }

  closed(): void {
    this.open.dec();
  }

  resynced(reason: ResyncReason): void {
    this.resyncs.inc({ reason });
  }
}
