import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { type Client, commit } from "./commit.js";
import { type Sql, sqlOf } from "./statement.js";

/** For rooms that write tables of their own, or claim work by locks; what changes an enrolment is for the engine. */
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
