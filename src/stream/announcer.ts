import { setTimeout as delay } from "node:timers/promises";
import type { Committed, Engine } from "../engine/index.js";
import { Broadcast, MOST_BYTES } from "../platform/broadcast.js";
import { withTimeLimit } from "../platform/time-limit.js";
import { type Change, merged, pack } from "./changes.js";

/** Enrolments that wait to be told; beyond that everybody is told to read anew. */
const CAPACITY = 20_000;
const AT_ONCE = 2_000;
const RETRY_MS = 250;
const LAST_CALL_MS = 3_000;

/** Said where too much changed to be told one by one. */
export const EVERYTHING = "everything";

/**
 * Tells every process, this one too, what was committed here. Nobody who commits waits for it: changes wait here and go
 * out in groups, those of one enrolment as one.
 */
export class Announcer {
  private waiting = new Map<string, Change>();
  private isEverything = false;
  private sending: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly broadcast: Broadcast,
    private readonly engine: Pick<Engine, "listen">,
  ) {}

  async start(): Promise<void> {
    this.engine.listen((committed) => this.announce(committed));
    await this.broadcast.start();
  }

  /** After the last commit, which is told as well. */
  async close(): Promise<void> {
    await withTimeLimit(LAST_CALL_MS, this.sending ?? Promise.resolve(), undefined);
    this.closed = true;
    await this.broadcast.close();
  }

  announce(changes: readonly (Change | Committed)[]): void {
    for (const change of changes) {
      this.waiting.set(change.enrolmentId, merged(this.waiting.get(change.enrolmentId), change));
    }
    this.bound();
    this.sending ??= this.sendAll().finally(() => (this.sending = null));
  }

  private async sendAll(): Promise<void> {
    while (!this.closed && (this.isEverything || this.waiting.size > 0)) {
      if (!(await this.sendSome())) await delay(RETRY_MS, undefined, { ref: false });
    }
  }

  private async sendSome(): Promise<boolean> {
    if (this.isEverything) {
      this.isEverything = false;
      return (await this.broadcast.say([EVERYTHING])) || !(this.isEverything = true);
    }
    const changes = [...this.waiting.values()].slice(0, AT_ONCE);
    for (const { enrolmentId } of changes) this.waiting.delete(enrolmentId);
    if (await this.broadcast.say(pack(changes, MOST_BYTES))) return true;
    this.putBack(changes);
    return false;
  }

  /** Before what came meanwhile. */
  private putBack(changes: readonly Change[]): void {
    const later = this.waiting;
    this.waiting = new Map(changes.map((change) => [change.enrolmentId, change]));
    for (const [id, change] of later) this.waiting.set(id, merged(this.waiting.get(id), change));
    this.bound();
  }

  private bound(): void {
    if (this.waiting.size <= CAPACITY) return;
    this.waiting.clear();
    this.isEverything = true;
  }
}
