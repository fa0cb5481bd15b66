import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import { answerOf, EnrolmentReader, EnrolmentSites } from "../enrolments/index.js";
import { type TaskAnswer, taskAnswer } from "../tasks/index.js";
import { Engine, type Idempotency, type OperateTask } from "../engine/index.js";
import type { Person } from "../people/index.js";
import { ProblemError } from "../http/index.js";

/** What people do with a task; it is completed only by an event. */
@Injectable()
export class TaskOperations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: Engine,
    private readonly sites: EnrolmentSites,
    private readonly reader: EnrolmentReader,
  ) {}

  async operate(
    person: Person,
    taskId: string,
    operation: OperateTask["operation"],
    idempotency: Idempotency | undefined,
  ): Promise<TaskAnswer> {
    const enrolmentId = await this.enrolmentOf(taskId);
    const actor = await this.sites.actorFor(person, enrolmentId, "writePatients");
    const answer = await this.engine.execute({
      ...{ kind: "operateTask", actor, idempotency, enrolmentId, taskId, operation },
    });
    const { snapshot } = answerOf("task", answer);
    const task = snapshot.tasks.find(({ id }) => id === taskId);
    if (!task) throw new ProblemError({ name: "task-closed", detail: "The task is no longer open." });
    const { pathway, asOf } = snapshot;
    return taskAnswer(task, { enrolmentId, pathway, asOf, patient: await this.reader.patient(snapshot.patientId) });
  }

  private async enrolmentOf(taskId: string): Promise<string> {
    const rows = await this.dataSource.query<{ enrolment_id: string }[]>(
      `select enrolment_id from task where id = $1`,
      [taskId],
    );
    if (rows[0]) return rows[0].enrolment_id;
    throw new ProblemError({ name: "not-found", detail: "There is no such task." });
  }
}
