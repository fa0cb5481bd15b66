import { Body, Controller, Get, Param, Post, Query, StreamableFile } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { Type } from "typebox";
import type { Idempotency } from "../engine/index.js";
import { ById, IdempotencyKey, type ProblemName, Route } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { Reassignment } from "./reassignment.js";
import { Reassign, ReassignAnswer } from "./reassignment.schemas.js";
import { Assign, Snooze, TaskAnswer } from "./task.schemas.js";
import { TaskExport } from "./task-export.js";
import { TaskOperations } from "./task-operations.js";
import { Worklist } from "./worklist.js";
import { ExportFilters, NextTask, TaskFilters, TaskPage, TaskSearch } from "./worklist.schemas.js";

const ORDERED = "All open tasks that are not snoozed, unless filtered; urgent first, then by `dueAt`.";
const OF_OPERATIONS = ["task-claimed", "task-closed", "exited", "pathway-fault"] as const satisfies ProblemName[];

/** What every operation on one task has in common. */
const OPERATION = {
  access: "writePatients",
  purpose: "task",
  params: ById,
  idempotency: "optional",
  answer: { status: 200, description: "The task.", schema: TaskAnswer },
  problems: OF_OPERATIONS,
} as const;

@ApiTags("tasks")
@Controller("api")
export class TasksController {
  constructor(
    private readonly worklist: Worklist,
    private readonly operations: TaskOperations,
    private readonly reassignment: Reassignment,
    private readonly files: TaskExport,
  ) {}

  @Get("tasks")
  @Route({
    summary: "What is to be done",
    description: ORDERED,
    access: "readPatients",
    purpose: "worklist",
    query: TaskFilters,
    answer: { status: 200, description: "A page of tasks, with counts.", schema: TaskPage },
  })
  list(@Query() query: TaskFilters, @Caller() caller: Person): Promise<TaskPage> {
    return this.worklist.read(caller, query);
  }

  @Post("tasks/search")
  @Route({
    summary: "The same, and by the patient's name, identifier or birth date",
    description: "What is searched for is personal: it travels in the body and is never logged.",
    access: "readPatients",
    purpose: "worklist",
    body: TaskSearch,
    answer: { status: 200, description: "A page of tasks, with counts.", schema: TaskPage },
  })
  search(@Body() body: TaskSearch, @Caller() caller: Person): Promise<TaskPage> {
    return this.worklist.read(caller, body);
  }

  @Get("tasks/next")
  @Route({
    summary: "Next for me",
    description:
      "The first, urgent ones before others and then by `dueAt`, of the open tasks that are the caller's own, or nobody's and for a role that the caller holds at their site. What is snoozed or held is left out. Nothing is claimed by asking.",
    access: "writePatients",
    purpose: "worklist",
    answer: { status: 200, description: "The task, or null and why.", schema: NextTask },
  })
  next(@Caller() caller: Person): Promise<NextTask> {
    return this.worklist.next(caller);
  }

  @Get("tasks.csv")
  @Route({
    summary: "The worklist as a file",
    description:
      "The same tasks in the same order, all of them: RFC 4180, UTF-8 with a byte order mark. What a spreadsheet would take for a formula has an apostrophe before it. Each 500 lines are of one instant.",
    access: "readPatients",
    purpose: "export",
    query: ExportFilters,
    answer: { status: 200, description: "A line for each task.", schema: Type.String(), type: "text/csv" },
  })
  async csv(@Query() query: ExportFilters, @Caller() caller: Person): Promise<StreamableFile> {
    const type = "text/csv; charset=utf-8; header=present";
    return new StreamableFile(await this.files.csv(caller, query), {
      ...{ type, disposition: 'attachment; filename="tasks.csv"' },
    });
  }

  @Post("tasks/reassign")
  @Route({
    summary: "Give one person's tasks to another",
    description:
      "For a colleague who is away: a page of the open tasks of `from`, snoozed ones too, each by the rules of an assignment; the answer tells what became of each. Go on with `nextCursor` and a new key. A request that was broken off is finished by sending it again with the same key.",
    access: "writePatients",
    purpose: "task",
    body: Reassign,
    idempotency: "required",
    answer: { status: 200, description: "What became of each task.", schema: ReassignAnswer },
  })
  reassign(@Body() body: Reassign, @Caller() caller: Person, @IdempotencyKey() key: Idempotency) {
    return this.reassignment.carryOut(caller, body, key);
  }

  @Post("tasks/:id/claim")
  @Route({
    ...OPERATION,
    summary: "Take a task on",
    description: "By anybody who holds its role at the site, or `lead`.",
  })
  claim(@Param() { id }: ById, @Caller() caller: Person, @IdempotencyKey() key: Idempotency | undefined) {
    return this.operations.claim(caller, id, key);
  }

  @Post("tasks/:id/assign")
  @Route({
    ...OPERATION,
    summary: "Give a task to somebody",
    description:
      "To anybody who could claim it. What is somebody's already is given away by that person, or by a `lead`.",
    body: Assign,
  })
  assign(
    @Param() { id }: ById,
    @Body() { assignee }: Assign,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ) {
    return this.operations.assign(caller, id, { to: assignee }, key);
  }

  @Post("tasks/:id/release")
  @Route({ ...OPERATION, summary: "Give a claimed task back" })
  release(@Param() { id }: ById, @Caller() caller: Person, @IdempotencyKey() key: Idempotency | undefined) {
    return this.operations.release(caller, id, key);
  }

  @Post("tasks/:id/snooze")
  @Route({
    ...OPERATION,
    summary: "Leave a task out of the lists for some time",
    description:
      "It comes back by itself, whoever has it meanwhile; reminders and escalations go on. Snoozed again, it has the new time.",
    body: Snooze,
    problems: [...OF_OPERATIONS, "task-urgent"],
  })
  snooze(
    @Param() { id }: ById,
    @Body() body: Snooze,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ) {
    return this.operations.snooze(caller, id, body, key);
  }
}
