import { Lane, type LaneOptions, type Outcome } from "../../src/engine/lane.js";

/** Made up: what it meets others in, and how large it is. */
interface Errand {
  name: string;
  places: string[];
  size?: number;
}

/** One group at work, until the test says what became of it. */
interface Group {
  names: string[];
  wait: boolean;
  answer(outcomes?: Record<string, Outcome<string>>): void;
  fail(error: unknown): void;
}

export class Away extends Error {}
export class LostRace extends Error {}
export class MayBeDone extends Error {}

/** A lane whose groups wait for the test. */
export class Bench {
  /** All groups so far, in the order in which they began. */
  readonly groups: Group[] = [];
  readonly ended = new Set<Group>();
  readonly told: string[] = [];
  private readonly lane: Lane<Errand, string>;

  constructor(more: Partial<LaneOptions<Errand, string>> = {}) {
    this.lane = new Lane<Errand, string>({
      attempt: (errands, { wait }) => this.attempt(errands, wait),
      meetingPlaces: ({ places }) => places,
      sizeOf: ({ size = 1 }) => size,
      isAway: (error) => error instanceof Away,
      isForAll: (error) => error instanceof MayBeDone,
      lostRace: (error) => error instanceof LostRace,
      ...more,
    });
  }

  get running(): Group[] {
    return this.groups.filter((group) => !this.ended.has(group));
  }

  /** The names in each group at work. */
  get atWork(): string[][] {
    return this.running.map(({ names }) => names);
  }

  submit(name: string, ...places: string[]): Promise<string> {
    return this.hand({ name, places: places.length > 0 ? places : [name] });
  }

  hand(errand: Errand): Promise<string> {
    const tell = (what: string): string => {
      this.told.push(`${errand.name} ${what}`);
      return what;
    };
    const answer = this.lane.submit(errand).then(tell, (error: Error) => tell(`failed: ${error.message}`));
    return answer;
  }

  /** Until nothing happens any more by itself. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  }

  /** Answers whatever comes until nobody waits. */
  async finish(): Promise<void> {
    await this.settle();
    while (this.running.length > 0) {
      for (const group of this.running) group.answer();
      await this.settle();
    }
  }

  private attempt(errands: readonly Errand[], wait: boolean): Promise<Outcome<string>[]> {
    return new Promise((resolve, reject) => {
      const names = errands.map(({ name }) => name);
      const group: Group = {
        ...{ names, wait },
        answer: (outcomes = {}) => {
          this.ended.add(group);
          resolve(names.map((name) => outcomes[name] ?? { kind: "answered", answer: "done" }));
        },
        fail: (error) => {
          this.ended.add(group);
          reject(error);
        },
      };
      this.groups.push(group);
    });
  }
}

export const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`);
