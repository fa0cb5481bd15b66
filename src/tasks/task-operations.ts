import { Injectable } from "@nestjs/common";
import { Engine, type EnrolmentSnapshot, type Idempotency, type TaskOperation } from "../engine/index.js";
import { answerOf, ProblemError, readWhen } from "../http/index.js";
import { PatientReader } from "../patients/index.js";
import { KnownPeople, permittedAt, type Person } from "../people/index.js";
import { EnrolmentHeads } from "../reads/index.js";
import type { Snooze, TaskAnswer } from "./task.schemas.js";
import { contextOf, taskAnswer } from "./task-view.js";

/** An assignment before it is known at which site, and so what the person may do there. */
export interface Assignment {
  to: string;
  from?: string;
  reason?: string;
}

/** What people do with a task; it is completed only by an event. */
@Injectable()
export class TaskOperations {
  constructor(
    private readonly engine: Engine,
    private readonly heads: EnrolmentHeads,
    private readonly people: KnownPeople,
    private readonly patients: PatientReader,
  ) {}

  claim(person: Person, taskId: string, idempotency: Idempotency | undefined): Promise<TaskAnswer> {
    return this.answer(person, taskId, idempotency, () => ({ name: "claim" }));
  }

  release(person: Person, taskId: string, idempotency: Idempotency | undefined): Promise<TaskAnswer> {
    return this.answer(person, taskId, idempotency, () => ({ name: "release" }));
  }

  snooze(
    person: Person,
    taskId: string,
    { until, ...reason }: Snooze,
    idempotency: Idempotency | undefined,
  ): Promise<TaskAnswer> {
    return this.answer(person, taskId, idempotency, () => ({ name: "snooze", until: readWhen(until)!, ...reason }));
  }

  assign(
    person: Person,
    taskId: string,
    assignment: Assignment,
    idempotency: Idempotency | undefined,
  ): Promise<TaskAnswer> {
    return this.answer(person, taskId, idempotency, this.assignment(assignment));
  }

  /** The same where nobody waits for the task itself. */
  async pass(
    person: Person,
    taskId: string,
    assignment: Assignment,
    idempotency: Idempotency | undefined,
  ): Promise<void> {
    await this.operate(person, taskId, idempotency, this.assignment(assignment));
  }

  private assignment({ to, ...rest }: Assignment): (site: string) => Promise<TaskOperation> {
    return async (site) => ({ name: "assign", to: await this.people.performerAt(to, site), ...rest });
  }

  private async answer(...request: Parameters<TaskOperations["operate"]>): Promise<TaskAnswer> {
    const { snapshot, patient } = await this.operate(...request);
    const task = snapshot.tasks.find(({ id }) => id === request[1]);
    if (!task) throw new ProblemError({ name: "task-closed", detail: "The task is no longer open." });
    return taskAnswer(task, contextOf(snapshot, this.patients.open(patient)));
  }

  private async operate(
    person: Person,
    taskId: string,
    idempotency: Idempotency | undefined,
    operationAt: (site: string) => TaskOperation | Promise<TaskOperation>,
  ) {
    const [{ id: enrolmentId, siteId, patient }, actor] = await this.heads.toActOnTask(
      ...([person, "task", taskId] as const),
      (site) => permittedAt(person, site, "writePatients"),
    );
    const operation = await operationAt(siteId);
    const answer = await this.engine.execute({
      ...{ kind: "operateTask", actor, idempotency, enrolmentId, taskId, operation },
    });
    const snapshot: EnrolmentSnapshot = answerOf("task", answer).snapshot;
    return { snapshot, patient };
  }
}
