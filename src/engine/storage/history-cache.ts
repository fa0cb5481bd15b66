import type { Kept } from "../model/loaded.js";

/**
 * What one enrolment takes at least, and each part of it, in bytes of memory, with the position that is worked out from
 * it whether it is there yet or not. Measured: see the test that holds it to what the process really takes.
 */
const ENROLMENT_BYTES = 5_000;
const TASK_BYTES = 700;
const ROW_BYTES = 300;

/**
 * Histories that this process has read or written, the least used of them forgotten first. Whoever uses one has seen,
 * under the row's lock or in the same snapshot, that the row is as it was kept (`seq` and hash): so several processes
 * may write, and a transaction that failed leaves nothing wrong here.
 */
export class HistoryCache {
  private readonly kept = new Map<string, { history: Kept; bytes: number }>();
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  get(enrolmentId: string): Kept | undefined {
    const found = this.kept.get(enrolmentId);
    if (!found) return undefined;
    this.kept.delete(enrolmentId);
    this.kept.set(enrolmentId, found);
    return found.history;
  }

  put(history: Kept): void {
    const { id } = history.row;
    if ((this.kept.get(id)?.history.seq ?? 0) > history.seq) return;
    this.forget(id);
    const bytes = sizeOf(history);
    if (bytes > this.limitBytes) return;
    this.kept.set(id, { history, bytes });
    this.bytes += bytes;
    for (const [oldest] of this.kept) {
      if (this.bytes <= this.limitBytes) break;
      this.forget(oldest);
    }
  }

  forget(enrolmentId: string): void {
    const found = this.kept.get(enrolmentId);
    if (!found) return;
    this.kept.delete(enrolmentId);
    this.bytes -= found.bytes;
  }
}

function sizeOf({ entryBytes, firings, pins, tasks, timers }: Kept): number {
  const rows = firings.length + pins.length + timers.length;
  return ENROLMENT_BYTES + entryBytes + tasks.length * TASK_BYTES + rows * ROW_BYTES;
}
