import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { type Sql, sqlOf } from "./statement.js";

/** For rooms that write tables of their own, or claim work by locks; what changes an enrolment is for the engine. */
@Injectable()
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /** Commits what the work did, or nothing where it throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.dataSource.transaction((manager) => work(sqlOf(manager)));
  }
}
