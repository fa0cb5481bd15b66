import { setTimeout as delay } from "node:timers/promises";
import { Logger } from "@nestjs/common";
import type { DataSource } from "typeorm";
import type { Engine } from "../engine/index.js";
import { claim, overdueEnrolments, START, type Place } from "./timer-rows.js";

export interface SweeperSettings {
  /** How long a job may be late before the sweeper does its work. */
  graceMs?: number;
  everyMs?: number;
  /** Timers looked at in one go. */
  batch?: number;
}

const GRACE_MS = 5_000;
const EVERY_MS = 2_000;
const BATCH = 500;
/** Enrolments handed to the engine at once. */
const AT_ONCE = 50;
/** An enrolment that cannot be woken is tried again after this long, twice as long each time, up to a limit. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

interface Fault {
  times: number;
  restsUntil: number;
}

/**
 * Fires what is overdue without any queue, so that a dead, emptied or hung one delays a timer by seconds and loses none.
 * Several processes share the work; each pass visits every overdue enrolment once, and one that cannot be woken keeps no
 * other from being visited.
 */
export class TimerSweeper {
  private readonly logger = new Logger("TimerSweeper");
  private readonly settings: Required<SweeperSettings>;
  private readonly faults = new Map<string, Fault>();
  private stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: Pick<Engine, "execute">,
    settings: SweeperSettings = {},
  ) {
    this.settings = { graceMs: GRACE_MS, everyMs: EVERY_MS, batch: BATCH, ...settings };
  }

  start(): void {
    this.stopping = new AbortController();
    this.running = this.run(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Wakes every overdue enrolment that nobody else is waking; tells how many timers fired. */
  async sweep(signal?: AbortSignal): Promise<number> {
    let fired = 0;
    for (let place: Place | null = START; place && !signal?.aborted;) {
      const page = await overdueEnrolments(this.dataSource, this.settings.graceMs, place, this.settings.batch);
      const rested = page.rows.filter((id) => !this.isResting(id));
      if (rested.length > 0) fired += await this.wakeClaimed(rested, signal);
      place = page.next;
    }
    return fired;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        // What fell due during a long pass is swept at once; else there is time to wait.
        if ((await this.sweep(signal)) > 0) continue;
      } catch (error) {
        this.logger.error(`The sweep broke off: ${messageOf(error)}`);
      }
      await delay(this.settings.everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** The claims hold until all are woken, so that a second sweeper passes over them. */
  private wakeClaimed(enrolmentIds: readonly string[], signal?: AbortSignal): Promise<number> {
    return this.dataSource.transaction(async (claims) => {
      const claimed = await claim(claims, enrolmentIds);
      let fired = 0;
      for (let at = 0; at < claimed.length && !signal?.aborted; at += AT_ONCE) {
        fired += await this.wake(claimed.slice(at, at + AT_ONCE));
      }
      return fired;
    });
  }

  private async wake(enrolmentIds: readonly string[]): Promise<number> {
    const fired = await Promise.all(enrolmentIds.map((id) => this.wakeOne(id)));
    return fired.reduce((sum, count) => sum + count, 0);
  }

  private async wakeOne(enrolmentId: string): Promise<number> {
    try {
      const answer = await this.engine.execute({ kind: "wake", enrolmentId, by: "sweep" });
      if (answer.kind === "refused") throw new Error(`It was refused: ${answer.refusal.name}.`);
      this.faults.delete(enrolmentId);
      return answer.kind === "woken" ? answer.fired : 0;
    } catch (error) {
      this.faulty(enrolmentId, messageOf(error));
      return 0;
    }
  }

  private isResting(enrolmentId: string): boolean {
    return (this.faults.get(enrolmentId)?.restsUntil ?? 0) > Date.now();
  }

  private faulty(enrolmentId: string, reason: string): void {
    const times = (this.faults.get(enrolmentId)?.times ?? 0) + 1;
    const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (times - 1));
    this.faults.set(enrolmentId, { times, restsUntil: Date.now() + rest });
    this.logger.error(`Enrolment ${enrolmentId} could not be woken, for the ${times}. time: ${reason}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
