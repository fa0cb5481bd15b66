import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { type Sql, sqlOf } from "./statement.js";

interface Client {
  query(text: string): Promise<{ command: string }>;
}

/** A statement of it had failed, and whoever asked for that statement did not say so. */
export class RolledBack extends Error {
  override readonly name = "RolledBack";

  constructor() {
    super("The transaction was rolled back, since one of its statements had failed.");
  }
}

/** PostgreSQL answers the COMMIT of a transaction that had failed with no error: it says that it rolled it back. */
export async function commit(client: Client): Promise<void> {
  const { command } = await client.query("COMMIT");
  if (command !== "COMMIT") throw new RolledBack();
}

/** For rooms that write tables of their own; what changes an enrolment is for the engine. */
@Injectable()
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /** Commits what the work did, or nothing where it throws, or where it kept to itself that a statement had failed. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as Client;
      try {
        await client.query("BEGIN");
        const result = await work(sqlOf(runner.manager));
        await commit(client);
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}
