import { Injectable, Logger } from "@nestjs/common";
import { ExpressionError } from "../core/index.js";
import { Engine } from "../engine/index.js";
import type { EnrolmentHead } from "../reads/index.js";

/** Nobody is shown what is stale: a timer that is due and has not fired yet fires before the enrolment is read. */
@Injectable()
export class WakeUp {
  private readonly logger = new Logger("enrolments");

  constructor(private readonly engine: Engine) {}

  /**
   * A wake-up that fails never fails the reading: what is on record stays readable, and the timer fires later. Where an
   * expression of the pathway fails, the enrolment names the fault itself.
   */
  async ifDue({ id, isDue }: EnrolmentHead): Promise<void> {
    if (!isDue) return;
    try {
      await this.engine.execute({ kind: "wake", enrolmentId: id, by: "event" });
    } catch (error) {
      // The message stays out of the log: it may quote a value of the data.
      const place = error instanceof ExpressionError ? error.place : undefined;
      this.logger.error({ msg: "fault", enrolment: id, fault: error instanceof Error ? error.name : "unknown", place });
    }
  }
}
