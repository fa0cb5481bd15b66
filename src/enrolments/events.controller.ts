import { Body, Controller, Get, Param, Post, Query } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { Idempotency } from "../engine/index.js";
import { ById, DryRun, IdempotencyKey, Route } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { EnrolmentCommands } from "./enrolment-commands.js";
import { CorrectEvent, CorrectionAnswer, EventPath, ReportAnswer, ReportEvent } from "./events.schemas.js";
import { PartialJudge } from "./partial-judge.js";
import { RedFlagOffers } from "./red-flag-offers.js";
import { HistoryPage, HistoryPaging } from "./history.schemas.js";
import { Histories } from "./histories.js";

@ApiTags("events")
@Controller("api/enrolments/:id")
export class EventsController {
  constructor(
    private readonly commands: EnrolmentCommands,
    private readonly histories: Histories,
  ) {}

  @Post("events")
  @Route({
    summary: "Report what happened",
    description:
      "`occurredAt` defaults to now; up to five minutes ahead of the server it is taken as now. With `dryRun` the answer tells what would change, and nothing is recorded.",
    access: "writePatients",
    purpose: "report",
    params: ById,
    query: DryRun,
    body: ReportEvent,
    remedies: RedFlagOffers,
    judge: PartialJudge,
    idempotency: "required",
    answer: { status: 201, description: "The event with all its consequences.", schema: ReportAnswer },
    problems: [
      "event-refused",
      "confirmation-required",
      "consequences",
      "duplicate-source",
      "stale",
      "exited",
      "reporter-not-allowed",
      "invalid-time",
      "before-enrolment",
      "pathway-fault",
    ],
  })
  report(
    @Param() { id }: ById,
    @Query() { dryRun }: DryRun,
    @Body() body: ReportEvent,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ) {
    return this.commands.report(caller, id, body, key, dryRun === true);
  }

  @Post("events/:seq/correction")
  @Route({
    summary: "Correct an event, strike it out or restore it",
    description: "The original stays readable. Anybody may correct what they may report.",
    access: "writePatients",
    purpose: "correction",
    params: EventPath,
    query: DryRun,
    body: CorrectEvent,
    remedies: RedFlagOffers,
    judge: PartialJudge,
    idempotency: "optional",
    answer: { status: 201, description: "The enrolment and what changed.", schema: CorrectionAnswer },
    nothingNew: { status: 200, description: "It says what is on record already: no record was made." },
    problems: [
      "event-refused",
      "confirmation-required",
      "consequences",
      "stale",
      "exited",
      "another-active-enrolment",
      "overlapping-enrolment",
      "reporter-not-allowed",
      "invalid-time",
      "before-enrolment",
      "pathway-fault",
    ],
  })
  correct(
    @Param() { id, seq }: EventPath,
    @Query() { dryRun }: DryRun,
    @Body() body: CorrectEvent,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ) {
    return this.commands.correct(caller, id, seq, body, key, dryRun === true);
  }

  @Get("history")
  @Route({
    summary: "All records, oldest first",
    access: "readPatients",
    purpose: "history",
    params: ById,
    query: HistoryPaging,
    answer: { status: 200, description: "A page of the history.", schema: HistoryPage },
  })
  history(@Param() { id }: ById, @Query() paging: HistoryPaging, @Caller() caller: Person) {
    return this.histories.read(caller, id, paging);
  }
}
