/**
 * The one gate through which rooms read. Whoever reads says who asks and what for; what stands under it (a log of
 * access, a database role that sees some sites only) is for this place alone.
 *
 * R1 All that one answer is made of is seen as of one instant.
 * R2 Statements are prepared: each connection parses and plans them once.
 * R3 Who reads several statements may have to wait in the midst of them for a connection of somebody else (a version of
 *    a pathway is fetched): so they never hold all connections.
 * R4 Whoever reads is told to the listeners before anything is given to them: who, what for, and whose record. They are
 *    told with no connection held, so that one of them may write it down.
 */
import { Injectable } from "@nestjs/common";
import { DataSource, type QueryRunner } from "typeorm";
import { type Sql, sqlOf } from "../platform/statement.js";
import { ReadsBusy } from "./faults.js";
import type { Purpose, Reader, Reading, ReadListener } from "./purpose.js";
import { Turns } from "./turns.js";

/** Fewer than a pool has connections, with what the engine may hold besides. */
const SNAPSHOTS_AT_ONCE = 4;
/** As long as somebody waits for a connection. */
const PATIENCE_MS = 10_000;

interface Client {
  query(text: string): Promise<unknown>;
}

@Injectable()
export class Reads {
  private readonly listeners: ReadListener[] = [];
  private readonly turns = new Turns(SNAPSHOTS_AT_ONCE);

  constructor(private readonly dataSource: DataSource) {}

  /** For an answer that needs one statement: each is a snapshot of its own. `subjects`: see `Reading`. */
  by(reader: Reader, purpose: Purpose, subjects: readonly string[] = []): Sql {
    return {
      rows: async (statement, values) => {
        await this.tell({ reader, purpose, subjects, outcome: "granted" });
        const runner = this.dataSource.createQueryRunner();
        try {
          return await sqlOf(runner.manager).rows(statement, values);
        } finally {
          await runner.release();
        }
      },
    };
  }

  /**
   * For an answer that needs several statements: one snapshot for all that the work reads. It outlives no work.
   * `whose` says whose records are shown by what the work came to.
   */
  async answer<T>(
    reader: Reader,
    purpose: Purpose,
    work: (read: Sql) => Promise<T>,
    whose: (result: T) => readonly string[],
  ): Promise<T> {
    const result = await this.read(work);
    await this.tell({ reader, purpose, subjects: whose(result), outcome: "granted" });
    return result;
  }

  listen(listener: ReadListener): void {
    this.listeners.push(listener);
  }

  /** By hand only where no statement of theirs tells it: many share one, an answer shows it, somebody is refused. */
  async tell(reading: Reading): Promise<void> {
    for (const listener of this.listeners) await listener(reading);
  }

  private async read<T>(work: (read: Sql) => Promise<T>): Promise<T> {
    if (!(await this.turns.take(PATIENCE_MS))) throw new ReadsBusy();
    const runner = this.dataSource.createQueryRunner();
    try {
      return await inSnapshot(runner, work);
    } finally {
      this.turns.give();
      await runner.release();
    }
  }
}

/**
 * Connections are pipelined: BEGIN travels with the first statement, and nobody waits for the end, which comes before
 * whatever the connection is used for next.
 */
async function inSnapshot<T>(runner: QueryRunner, work: (read: Sql) => Promise<T>): Promise<T> {
  const client = (await runner.connect()) as Client;
  const begun = client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  begun.catch(() => undefined);
  try {
    const result = await work(sqlOf(runner.manager));
    await begun;
    return result;
  } finally {
    client.query("COMMIT").catch(() => undefined);
  }
}
