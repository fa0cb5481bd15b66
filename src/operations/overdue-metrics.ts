import { Injectable } from "@nestjs/common";
import { Gauge, Registry } from "prom-client";
import { withTimeLimit } from "../platform/time-limit.js";
import { PATHKEEPER, Reads } from "../reads/index.js";
import { LATENESSES, type Overdue, overdueTasks, overdueTimers, URGENCIES } from "./overdue-rows.js";

/** A store that hangs must not hang the metrics that tell of it: a gauge that cannot be had keeps its last value. */
const PATIENCE_MS = 1_000;

/** How much is overdue and by how much, as of each scrape; every process says the same, since it asks the database. */
@Injectable()
export class OverdueMetrics {
  constructor(registry: Registry, reads: Reads) {
    const registers = [registry];
    new Gauge({
      name: "pathkeeper_timers_overdue_by_lateness",
      help: "Pending timers past their due instant, by how late they are.",
      labelNames: ["late"],
      registers,
      async collect() {
        const found = await soon(overdueTimers(reads.by(PATHKEEPER, "timers")));
        if (found) for (const late of LATENESSES) this.set({ late }, countOf(found, late, null));
      },
    });
    new Gauge({
      name: "pathkeeper_tasks_overdue_by_lateness",
      help: "Open tasks past their due instant, neither held nor snoozed, by urgency and by how late they are.",
      labelNames: ["urgency", "late"],
      registers,
      async collect() {
        const found = await soon(overdueTasks(reads.by(PATHKEEPER, "worklist")));
        if (!found) return;
        for (const urgency of URGENCIES) {
          for (const late of LATENESSES) this.set({ urgency, late }, countOf(found, late, urgency));
        }
      },
    });
  }
}

function countOf(found: readonly Overdue[], late: Overdue["late"], urgency: Overdue["urgency"]): number {
  return found.find((one) => one.late === late && one.urgency === urgency)?.count ?? 0;
}

function soon<T>(asked: Promise<T>): Promise<T | null> {
  return withTimeLimit(
    PATIENCE_MS,
    asked.catch(() => null),
    null,
  );
}
