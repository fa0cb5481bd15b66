import { setTimeout as delay } from "node:timers/promises";
import { Logger } from "@nestjs/common";
import type { Engine } from "../engine/index.js";
import type { Sql } from "../platform/statement.js";
import { withTimeLimit } from "../platform/time-limit.js";
import type { Transactions } from "../platform/transactions.js";
import { PATHKEEPER, type Reads } from "../reads/index.js";
import { claimShares, overdueEnrolments, overdueShares, START, type Place } from "./timer-rows.js";

export interface SweeperSettings {
  /** How long a job may be late before the sweeper does its work. */
  graceMs?: number;
  everyMs?: number;
  /** What its firings are put down to: its own rounds, or a bell that called it (`timer-worker.ts`). */
  by?: "sweep" | "job";
  /** Timers looked up in one go. */
  batch?: number;
  /** How long a pass waits for those that are slow to be woken, with its claims on their shares, before it goes on. */
  patienceMs?: number;
  /** How long a pass goes on waking with the same claims. */
  holdMs?: number;
}

const GRACE_MS = 5_000;
const EVERY_MS = 2_000;
/** Ids only; more on a page cost less, for timers of one instant are put in order for each page. */
const BATCH = 5_000;
const PATIENCE_MS = 3_000;
/** With the patience well within what the server lets a claim be idle: it ends none of a process that lives. */
const HOLD_MS = 15_000;
/**
 * Enrolments handed to the engine and not answered yet. More would be written in larger groups, hardly faster, and those
 * who read meanwhile would wait for each of them to be decided.
 */
const AT_ONCE = 64;
/** The others are left to other processes. */
const SHARES_AT_ONCE = 4;
/** An enrolment that cannot be woken is tried again after this long, twice as long each time, up to a limit. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

interface Fault {
  times: number;
  restsUntil: number;
}

/**
 * Fires what is overdue without any queue, so that a dead, emptied or hung one delays a timer by seconds and loses none.
 * Several processes share the work; each pass visits every overdue enrolment once, and one that cannot be woken, or not
 * for long, keeps no other from being visited.
 */
export class TimerSweeper {
  private readonly logger = new Logger("TimerSweeper");
  private readonly settings: Required<SweeperSettings>;
  private readonly faults = new Map<string, Fault>();
  private readonly underWay = new Map<string, Promise<number>>();
  private readonly waitingForRoom: (() => void)[] = [];
  private stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly reads: Reads,
    /** For the claims, and for what is read as long as they hold. */
    private readonly transactions: Transactions,
    private readonly engine: Pick<Engine, "execute">,
    settings: SweeperSettings = {},
  ) {
    const defaults = {
      graceMs: GRACE_MS,
      everyMs: EVERY_MS,
      by: "sweep",
      batch: BATCH,
      patienceMs: PATIENCE_MS,
      holdMs: HOLD_MS,
    } as const;
    this.settings = { ...defaults, ...settings };
  }

  start(): void {
    this.stopping = new AbortController();
    this.running = this.run(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await withTimeLimit(this.settings.patienceMs, Promise.all(this.underWay.values()), undefined);
  }

  /** Wakes every overdue enrolment that nobody else is waking; tells how many timers fired. */
  async sweep(signal?: AbortSignal): Promise<number> {
    let fired = 0;
    // Each sweeper in an order of its own, so that two seldom ask for the same.
    let left = shuffled(await overdueShares(this.reads.by(PATHKEEPER, "timers"), this.settings.graceMs));
    while (left.length > 0 && !signal?.aborted) {
      await this.transactions.transaction(async (claims) => {
        const claimed = await claimShares(claims, left, SHARES_AT_ONCE);
        // What others have claimed is theirs in this pass.
        left = claimed.length === 0 ? [] : left.filter((share) => !claimed.includes(share));
        if (claimed.length > 0) fired += await this.wakeShares(claims, claimed, signal);
      });
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

  /**
   * Pages turn while wake-ups are under way, and the claims hold until they are answered, but not for ever: a later pass,
   * of whichever process, visits what is left.
   */
  private async wakeShares(claims: Sql, shares: readonly number[], signal?: AbortSignal): Promise<number> {
    const { graceMs, batch, patienceMs, holdMs } = this.settings;
    const ends = performance.now() + holdMs;
    const begun: Promise<void>[] = [];
    let fired = 0;
    let hasRoom = true;
    const goesOn = (): boolean => hasRoom && !signal?.aborted && performance.now() < ends;
    for (let place: Place | null = START; place && goesOn();) {
      const page = await overdueEnrolments(claims, graceMs, shares, place, batch);
      for (const id of page.rows) {
        if (this.underWay.has(id) || this.isResting(id)) continue;
        hasRoom = this.underWay.size < AT_ONCE || (await withTimeLimit(patienceMs, this.room(), false));
        if (!goesOn()) break;
        begun.push(this.wake(id).then((count) => void (fired += count)));
      }
      place = page.next;
    }
    await withTimeLimit(patienceMs, Promise.all(begun), undefined);
    return fired;
  }

  private wake(enrolmentId: string): Promise<number> {
    const woken = this.wakeOne(enrolmentId).finally(() => {
      this.underWay.delete(enrolmentId);
      for (const goOn of this.waitingForRoom.splice(0)) goOn();
    });
    this.underWay.set(enrolmentId, woken);
    return woken;
  }

  private async room(): Promise<true> {
    while (this.underWay.size >= AT_ONCE) await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
    return true;
  }

  private async wakeOne(enrolmentId: string): Promise<number> {
    try {
      const answer = await this.engine.execute({ kind: "wake", enrolmentId, by: this.settings.by });
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

function shuffled(shares: readonly number[]): number[] {
  return shares
    .map((share) => ({ share, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ share }) => share);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
