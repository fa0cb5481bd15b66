import { Readable } from "node:stream";

/** Bytes that wait for one reader before anything is left out. */
const MOST_WAITING = 64 * 1024;
/** For what waits to arrive once no more is coming. */
const LAST_BYTES_MS = 1_000;

/**
 * One stream as its reader gets it. A reader who is slower than what happens costs no more memory than `MOST_WAITING` and
 * one message: what does not fit is left out, and once there is room they are told to read anew.
 */
export class Outlet extends Readable {
  private isBehind = false;
  private isFinished = false;

  constructor(private readonly onCaughtUp: () => string) {
    super({ highWaterMark: MOST_WAITING });
  }

  /** An event, or a comment. */
  tell(text: string): void {
    if (this.isBehind || this.isFinished || this.destroyed) return;
    if (this.readableLength >= MOST_WAITING) this.isBehind = true;
    else this.push(text);
  }

  /** Called whenever there is room. */
  override _read(): void {
    if (!this.isBehind || this.isFinished) return;
    this.isBehind = false;
    this.push(this.onCaughtUp());
  }

  /** No more is coming; whoever does not take what waits is cut off. */
  finish(): void {
    if (this.isFinished || this.destroyed) return;
    this.isFinished = true;
    this.push(null);
    setTimeout(() => this.destroy(), LAST_BYTES_MS).unref();
  }
}
