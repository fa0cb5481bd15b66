/**
 * The one lane for everything that is written. Callers hand in one command each; whatever waits when a transaction
 * begins goes into it together, and whoever is alone goes alone, at once.
 *
 * L1 Two commands that may meet in a row or a key are never under way together: the later waits for the earlier.
 * L2 Two transactions overlap, so that one is decided while the other commits.
 * L3 A fault is its command's own: a group that fails as a whole is tried apart, unless it may have been carried out,
 *    or there was no connection for it: then its members are told so.
 * L4 What somebody else has locked holds up nobody: it is taken alone, beside the groups, and may wait there.
 * L5 A store that is away is told once, at once, to everybody who waits.
 */

/** What became of one member of a group. */
export type Outcome<Answer> =
  | { kind: "answered"; answer: Answer }
  | { kind: "failed"; error: unknown }
  /** Somebody else holds its rows. */
  | { kind: "locked" }
  /** Something was not at hand; to be tried again once it is. */
  | { kind: "again"; after: () => Promise<void> };

export interface LaneOptions<Command, Answer> {
  /** Carries out a group. Throws where nothing of it was done, or nobody knows. */
  attempt(commands: readonly Command[], options: { wait: boolean }): Promise<Outcome<Answer>[]>;
  /** Rows and keys in which a command may meet another one. */
  meetingPlaces(command: Command): readonly string[];
  /** Roughly how many bytes it brings. */
  sizeOf(command: Command): number;
  isAway(error: unknown): boolean;
  /** Whether all of the group are told and none is tried apart: it may have been done all the same, or there is no room. */
  isForAll(error: unknown): boolean;
  /** Whether somebody else was faster, so that the same command finds out how at the next try. */
  lostRace(error: unknown): boolean;
}

interface Entry<Command, Answer> {
  command: Command;
  places: readonly string[];
  size: number;
  tries: number;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

const TRANSACTIONS_AT_ONCE = 2;
const GROUP_COMMANDS = 128;
const GROUP_BYTES = 1024 * 1024;
/** Commands that go alone beside the groups, each on a connection of its own. */
const ALONE_AT_ONCE = 4;
const TRIES = 8;

export class Lane<Command, Answer> {
  /** The first in all their places. */
  private readonly waiting: Entry<Command, Answer>[] = [];
  private readonly alone: Entry<Command, Answer>[] = [];
  /** Everybody who is not answered yet, by place, as they came. */
  private readonly queues = new Map<string, Entry<Command, Answer>[]>();
  private running = 0;
  private runningAlone = 0;
  private awake = false;

  constructor(private readonly options: LaneOptions<Command, Answer>) {}

  submit(command: Command): Promise<Answer> {
    const { meetingPlaces, sizeOf } = this.options;
    return new Promise((resolve, reject) => {
      const places = [...new Set(meetingPlaces(command))];
      const entry = { command, places, size: sizeOf(command), tries: 0, resolve, reject };
      for (const place of places) {
        const queue = this.queues.get(place);
        if (queue) queue.push(entry);
        else this.queues.set(place, [entry]);
      }
      if (this.isNext(entry)) this.waiting.push(entry);
      this.wake();
    });
  }

  /** After whatever is at work in this turn of the event loop: so those that come together go together. */
  private wake(): void {
    if (this.awake) return;
    this.awake = true;
    setImmediate(() => {
      this.awake = false;
      this.begin();
    });
  }

  private begin(): void {
    while (this.running < TRANSACTIONS_AT_ONCE) {
      const group = this.takeGroup();
      if (group.length === 0) break;
      this.running += 1;
      void this.run(group).finally(() => {
        this.running -= 1;
        this.wake();
      });
    }
    while (this.runningAlone < ALONE_AT_ONCE && this.alone.length > 0) {
      this.runningAlone += 1;
      void this.runAlone(this.alone.shift()!).finally(() => {
        this.runningAlone -= 1;
        this.wake();
      });
    }
  }

  /** As many as wait, or half of them where nothing else is under way. */
  private takeGroup(): Entry<Command, Answer>[] {
    const most =
      this.running > 0
        ? GROUP_COMMANDS
        : Math.min(GROUP_COMMANDS, Math.ceil(this.waiting.length / TRANSACTIONS_AT_ONCE));
    let count = 0;
    for (let bytes = 0; count < Math.min(most, this.waiting.length); count++) {
      bytes += this.waiting[count]!.size;
      if (count > 0 && bytes > GROUP_BYTES) break;
    }
    return this.waiting.splice(0, count);
  }

  private async run(group: readonly Entry<Command, Answer>[]): Promise<void> {
    try {
      const outcomes = await this.options.attempt(
        group.map(({ command }) => command),
        { wait: false },
      );
      for (const [index, entry] of group.entries()) this.settle(entry, outcomes[index]!);
    } catch (error) {
      const { isAway, isForAll, lostRace } = this.options;
      if (isAway(error)) this.tellEverybody(error);
      const isOver = isAway(error) || isForAll(error) || (group.length === 1 && !lostRace(error));
      for (const entry of group) {
        if (isOver) this.end(entry, () => entry.reject(error));
        else this.goAlone(entry);
      }
    }
  }

  private async runAlone(entry: Entry<Command, Answer>): Promise<void> {
    try {
      const [outcome] = await this.options.attempt([entry.command], { wait: true });
      this.settle(entry, outcome!);
    } catch (error) {
      if (this.options.isAway(error)) this.tellEverybody(error);
      else if (this.options.lostRace(error) && ++entry.tries < TRIES) return this.goAlone(entry);
      this.end(entry, () => entry.reject(error));
    }
  }

  private settle(entry: Entry<Command, Answer>, outcome: Outcome<Answer>): void {
    switch (outcome.kind) {
      case "answered":
        return this.end(entry, () => entry.resolve(outcome.answer));
      case "failed":
        return this.end(entry, () => entry.reject(outcome.error));
      case "locked":
        return this.goAlone(entry);
      case "again":
        return void this.goAgain(entry, outcome.after);
    }
  }

  private async goAgain(entry: Entry<Command, Answer>, after: () => Promise<void>): Promise<void> {
    try {
      if (++entry.tries === TRIES) throw new Error("What a command needs is not to be had.");
      await after();
      this.waiting.unshift(entry);
      this.wake();
    } catch (error) {
      this.end(entry, () => entry.reject(error));
    }
  }

  private goAlone(entry: Entry<Command, Answer>): void {
    this.alone.push(entry);
    this.wake();
  }

  /** Lets those go on that waited for its places, before everybody who came later. */
  private end(entry: Entry<Command, Answer>, tell: () => void): void {
    const behind = new Set<Entry<Command, Answer>>();
    for (const place of entry.places) {
      const queue = this.queues.get(place)!;
      queue.shift();
      if (queue[0]) behind.add(queue[0]);
      else this.queues.delete(place);
    }
    this.waiting.unshift(...[...behind].filter((next) => this.isNext(next)));
    this.wake();
    tell();
  }

  private isNext(entry: Entry<Command, Answer>): boolean {
    return entry.places.every((place) => this.queues.get(place)![0] === entry);
  }

  private tellEverybody(error: unknown): void {
    const behind = [...this.queues.values()].flatMap((queue) => queue.slice(1));
    const told = new Set([...this.waiting.splice(0), ...this.alone.splice(0), ...behind]);
    for (const [place, queue] of this.queues) {
      const left = queue.filter((entry) => !told.has(entry));
      if (left.length > 0) this.queues.set(place, left);
      else this.queues.delete(place);
    }
    for (const { reject } of told) reject(error);
  }
}
