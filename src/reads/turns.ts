import { withTimeLimit } from "../platform/time-limit.js";

/** Lets so many at once, the others in the order of their coming. */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** False where no turn came within the time; else it is to be given back. */
  async take(ms: number): Promise<boolean> {
    if (this.free > 0) {
      this.free -= 1;
      return true;
    }
    let mine!: () => void;
    const turn = new Promise<true>((resolve) => this.waiting.push((mine = () => resolve(true))));
    if (await withTimeLimit(ms, turn, false)) return true;
    const place = this.waiting.indexOf(mine);
    if (place === -1) return true; // It came at the last moment.
    this.waiting.splice(place, 1);
    return false;
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
