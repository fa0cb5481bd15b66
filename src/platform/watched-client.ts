import pg from "pg";

export interface WatchedClientConfig extends pg.ClientConfig {
  /** How long the answer to a statement is waited for; for ever where there is none. */
  answerMs?: number | undefined;
}

/** ETIMEDOUT, as the kernel says it of a host that went silent; only the kernel needs a quarter of an hour for it. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly code = "ETIMEDOUT";

  constructor() {
    super("The database did not answer in time.");
  }
}

/**
 * A connection that ends where a statement is not answered: whatever else waits on it hears the same, and no pool hands
 * it on. The driver's own `query_timeout` tells one statement of its time and the others of a broken connection, and it
 * tells them before the pool knows that the connection is gone.
 */
export class WatchedClient extends pg.Client {
  private readonly answerMs: number | undefined;

  constructor(config?: WatchedClientConfig) {
    super(config);
    this.answerMs = config?.answerMs;
  }

  override query(...asked: unknown[]): never {
    const answer: unknown = (super.query as (...asked: unknown[]) => unknown).apply(this, asked);
    if (this.answerMs !== undefined && answer instanceof Promise) {
      const timer = setTimeout(() => this.connection.stream.destroy(new Unanswered()), this.answerMs);
      const isOver = (): void => clearTimeout(timer);
      answer.then(isOver, isOver);
    }
    // In whichever of the driver's shapes it was asked.
    return answer as never;
  }
}
