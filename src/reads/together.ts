interface Asked<Key, Found> {
  key: Key;
  resolve(found: Found | undefined): void;
  reject(error: unknown): void;
}

const KEYS_AT_ONCE = 200;
/** While so many statements are under way, those who come wait and share the next. */
const STATEMENTS_AT_ONCE = 2;

/** Finds for many what each asks for by its key: alone at once; under load they share statements. */
export class Together<Key, Found> {
  private asked: Asked<Key, Found>[] = [];
  private running = 0;
  private awake = false;

  constructor(private readonly findAll: (keys: Key[]) => Promise<ReadonlyMap<Key, Found>>) {}

  find(key: Key): Promise<Found | undefined> {
    return new Promise((resolve, reject) => {
      this.asked.push({ key, resolve, reject });
      this.wake();
    });
  }

  /** After whatever is at work in this turn of the event loop: so those that come together go together. */
  private wake(): void {
    if (this.awake) return;
    this.awake = true;
    setImmediate(() => {
      this.awake = false;
      while (this.running < STATEMENTS_AT_ONCE && this.asked.length > 0) void this.answer();
    });
  }

  private async answer(): Promise<void> {
    const asked = this.asked.splice(0, KEYS_AT_ONCE);
    this.running += 1;
    try {
      const found = await this.findAll([...new Set(asked.map(({ key }) => key))]);
      for (const { key, resolve } of asked) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    } finally {
      this.running -= 1;
      if (this.asked.length > 0) this.wake();
    }
  }
}
