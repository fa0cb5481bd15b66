/**
 * The one gate through which rooms read. Whoever reads says who asks and what for; what stands under it (a log of
 * access, a database role that sees some sites only) is for this place alone.
 *
 * R1 All that one answer is made of is seen as of one instant.
 * R2 Statements are prepared: each connection parses and plans them once.
 * R3 Who reads several statements may have to wait in the midst of them for a connection of somebody else (a version of
 *    a pathway is fetched): so they never hold all connections.
 */
import { Injectable } from "@nestjs/common";
import { DataSource, type QueryRunner } from "typeorm";
import { ProblemError } from "../http/index.js";
import { type Sql, sqlOf } from "../platform/statement.js";
import type { Purpose, Reader } from "./purpose.js";
import { Turns } from "./turns.js";

/** Fewer than a pool has connections, with what the engine may hold besides. */
const SNAPSHOTS_AT_ONCE = 4;
/** As long as somebody waits for a connection. */
const PATIENCE_MS = 10_000;

/** Told before anything is read. */
export type ReadListener = (reader: Reader, purpose: Purpose) => void;

interface Client {
  query(text: string): Promise<unknown>;
}

@Injectable()
export class Reads {
  private readonly listeners: ReadListener[] = [];
  private readonly turns = new Turns(SNAPSHOTS_AT_ONCE);

  constructor(private readonly dataSource: DataSource) {}

  /** For an answer that needs one statement: each is a snapshot of its own. */
  by(reader: Reader, purpose: Purpose): Sql {
    return {
      rows: async (statement, values) => {
        this.tell(reader, purpose);
        const runner = this.dataSource.createQueryRunner();
        try {
          return await sqlOf(runner.manager).rows(statement, values);
        } finally {
          await runner.release();
        }
      },
    };
  }

  /** For an answer that needs several statements: one snapshot for all that the work reads. It outlives no work. */
  async answer<T>(reader: Reader, purpose: Purpose, work: (read: Sql) => Promise<T>): Promise<T> {
    this.tell(reader, purpose);
    if (!(await this.turns.take(PATIENCE_MS))) {
      throw new ProblemError({ name: "unavailable", detail: "Too much is read at once. Try again." });
    }
    const runner = this.dataSource.createQueryRunner();
    try {
      return await inSnapshot(runner, work);
    } finally {
      this.turns.give();
      await runner.release();
    }
  }

  listen(listener: ReadListener): void {
    this.listeners.push(listener);
  }

  /** Called for each who reads; by hand only where many share a statement. */
  tell(reader: Reader, purpose: Purpose): void {
    for (const listener of this.listeners) listener(reader, purpose);
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
