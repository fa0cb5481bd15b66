import { Inject, Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { formatInstant } from "../core/index.js";
import { Engine } from "../engine/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";

/** Nobody is shown what is stale: a timer that is due and has not fired yet fires before the enrolment is read. */
@Injectable()
export class WakeUp {
  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: Engine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async ifDue(enrolmentId: string): Promise<void> {
    const due = await this.dataSource.query<unknown[]>(
      `select from timer where enrolment_id = $1 and status = 'pending' and due_at <= $2::timestamptz limit 1`,
      [enrolmentId, formatInstant(this.clock.now())],
    );
    if (due.length > 0) await this.engine.execute({ kind: "wake", enrolmentId, by: "event" });
  }
}
