import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { withTimeLimit } from "./time-limit.js";

/** Questions about the installation, which show nobody anything of a person: whether it answers, whether it is whole. */
@Injectable()
export class Probes {
  constructor(private readonly dataSource: DataSource) {}

  async answersWithin(ms: number): Promise<boolean> {
    const answered = this.dataSource.query("select 1").then(
      () => true,
      () => false,
    );
    return withTimeLimit(ms, answered, false);
  }

  ask<Row>(question: string): Promise<Row[]> {
    return this.dataSource.query<Row[]>(question);
  }
}
