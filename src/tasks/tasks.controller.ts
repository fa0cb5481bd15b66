import { Controller, Get, Param, Post, Query } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { Idempotency } from "../engine/index.js";
import { ById, IdempotencyKey, Route } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { TaskAnswer } from "./task.schemas.js";
import { TaskOperations } from "./task-operations.js";
import { Worklist } from "./worklist.js";
import { TaskFilters, TaskPage } from "./worklist.schemas.js";

@ApiTags("tasks")
@Controller("api/tasks")
export class TasksController {
  constructor(
    private readonly worklist: Worklist,
    private readonly operations: TaskOperations,
  ) {}

  @Get()
  @Route({
    summary: "What is to be done",
    description: "All open tasks that are not snoozed, unless filtered; urgent first, then by `dueAt`.",
    access: "readPatients",
    purpose: "worklist",
    query: TaskFilters,
    answer: { status: 200, description: "A page of tasks, with counts.", schema: TaskPage },
  })
  list(@Query() query: TaskFilters, @Caller() caller: Person): Promise<TaskPage> {
    return this.worklist.read(caller, query);
  }

  @Post(":id/claim")
  @Route({
    summary: "Take a task on",
    description: "By anybody who holds its role at the site, or `lead`.",
    access: "writePatients",
    purpose: "task",
    params: ById,
    idempotency: "optional",
    answer: { status: 200, description: "The task.", schema: TaskAnswer },
    problems: ["task-claimed", "task-closed", "exited", "pathway-fault"],
  })
  claim(@Param() { id }: ById, @Caller() caller: Person, @IdempotencyKey() key: Idempotency | undefined) {
    return this.operations.operate(caller, id, { name: "claim" }, key);
  }

  @Post(":id/release")
  @Route({
    summary: "Give a claimed task back",
    access: "writePatients",
    purpose: "task",
    params: ById,
    idempotency: "optional",
    answer: { status: 200, description: "The task.", schema: TaskAnswer },
    problems: ["task-claimed", "task-closed", "exited", "pathway-fault"],
  })
  release(@Param() { id }: ById, @Caller() caller: Person, @IdempotencyKey() key: Idempotency | undefined) {
    return this.operations.operate(caller, id, { name: "release" }, key);
  }
}
