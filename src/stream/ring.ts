import type { Change } from "./changes.js";

/** The newest messages that were heard, each under its id. */
export class Ring {
  /** In the order of hearing. */
  private readonly heard = new Map<string, readonly Change[]>();

  constructor(private readonly capacity: number) {}

  add(id: string, changes: readonly Change[]): void {
    this.heard.set(id, changes);
    if (this.heard.size <= this.capacity) return;
    const [oldest] = this.heard.keys();
    this.heard.delete(oldest!);
  }

  /** What was heard after that message, oldest first; null where nobody knows any more, or ever did. */
  since(id: string): [id: string, changes: readonly Change[]][] | null {
    if (!this.heard.has(id)) return null;
    const all = [...this.heard];
    return all.slice(all.findIndex(([known]) => known === id) + 1);
  }

  clear(): void {
    this.heard.clear();
  }
}
