import type { Answer, Engine, Wake } from "../engine/index.js";

/** Commands that share a transaction at most. */
const GROUP = 50;
/** Transactions at once: while one waits for the disk, another is decided. */
const AT_ONCE = 2;

interface Waiting {
  wake: Wake;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** Hands the engine lists: one wake-up when there is one, all that came meanwhile when many timers are due at once. */
export class WakeGroups {
  private readonly waiting: Waiting[] = [];
  private running = 0;

  constructor(private readonly engine: Pick<Engine, "execute">) {}

  wake(wake: Wake): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ wake, resolve, reject });
      if (this.running < AT_ONCE) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running += 1;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, GROUP);
      try {
        const answers = await this.engine.execute(group.map(({ wake }) => wake));
        group.forEach(({ resolve }, index) => resolve(answers[index]!));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.running -= 1;
  }
}
