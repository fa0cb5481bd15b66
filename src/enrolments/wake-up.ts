import { Injectable } from "@nestjs/common";
import { Engine } from "../engine/index.js";
import type { EnrolmentHead } from "../reads/index.js";

/** Nobody is shown what is stale: a timer that is due and has not fired yet fires before the enrolment is read. */
@Injectable()
export class WakeUp {
  constructor(private readonly engine: Engine) {}

  async ifDue({ id, isDue }: EnrolmentHead): Promise<void> {
    if (isDue) await this.engine.execute({ kind: "wake", enrolmentId: id, by: "event" });
  }
}
