import { Injectable } from "@nestjs/common";
import { Engine, type Idempotency, type OperateTask } from "../engine/index.js";
import { answerOf, ProblemError } from "../http/index.js";
import { PatientReader } from "../patients/index.js";
import { permittedAt, type Person } from "../people/index.js";
import { EnrolmentHeads } from "../reads/index.js";
import type { TaskAnswer } from "./task.schemas.js";
import { contextOf, taskAnswer } from "./task-view.js";

/** What people do with a task; it is completed only by an event. */
@Injectable()
export class TaskOperations {
  constructor(
    private readonly engine: Engine,
    private readonly heads: EnrolmentHeads,
    private readonly patients: PatientReader,
  ) {}

  async operate(
    person: Person,
    taskId: string,
    operation: OperateTask["operation"],
    idempotency: Idempotency | undefined,
  ): Promise<TaskAnswer> {
    const [{ id: enrolmentId, patient }, actor] = await this.heads.toActOnTask(person, "task", taskId, (site) =>
      permittedAt(person, site, "writePatients"),
    );
    const answer = await this.engine.execute({
      ...{ kind: "operateTask", actor, idempotency, enrolmentId, taskId, operation },
    });
    const { snapshot } = answerOf("task", answer);
    const task = snapshot.tasks.find(({ id }) => id === taskId);
    if (!task) throw new ProblemError({ name: "task-closed", detail: "The task is no longer open." });
    return taskAnswer(task, contextOf(snapshot, this.patients.open(patient)));
  }
}
