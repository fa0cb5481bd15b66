import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { withTimeLimit } from "./time-limit.js";

/** Whether the installation answers. */
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
}
