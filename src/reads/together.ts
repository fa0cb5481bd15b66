interface Asked<Key, Found> {
  key: Key;
  resolve(found: Found | undefined): void;
  reject(error: unknown): void;
}

const AT_ONCE = 200;

/** Finds for many what each asks for by its key: those who ask in the same turn of the event loop share one statement. */
export class Together<Key, Found> {
  private asked: Asked<Key, Found>[] = [];

  constructor(private readonly findAll: (keys: Key[]) => Promise<ReadonlyMap<Key, Found>>) {}

  find(key: Key): Promise<Found | undefined> {
    return new Promise((resolve, reject) => {
      if (this.asked.push({ key, resolve, reject }) === 1) setImmediate(() => this.begin());
    });
  }

  private begin(): void {
    const asked = this.asked;
    this.asked = [];
    for (let from = 0; from < asked.length; from += AT_ONCE) void this.answer(asked.slice(from, from + AT_ONCE));
  }

  private async answer(asked: readonly Asked<Key, Found>[]): Promise<void> {
    try {
      const found = await this.findAll([...new Set(asked.map(({ key }) => key))]);
      for (const { key, resolve } of asked) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
