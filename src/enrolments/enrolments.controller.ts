import { Body, Controller, Get, Param, Patch, Post, Query } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { Idempotency } from "../engine/index.js";
import { ById, IdempotencyKey, Route } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { EnrolmentCommands } from "./enrolment-commands.js";
import { EnrolmentReader } from "./enrolment-reader.js";
import { EnrolmentSearcher } from "./enrolment-searcher.js";
import {
  AsOf,
  EnrolmentAnswer,
  EnrolmentFilters,
  EnrolmentPage,
  EnrolmentSearch,
  NewEnrolment,
  NewEnrolmentAnswer,
} from "./enrolments.schemas.js";
import { PatientChanges } from "../patients/index.js";
import { PartialJudge } from "./partial-judge.js";
import { RedFlagOffers } from "./red-flag-offers.js";

@ApiTags("enrolments")
@Controller("api/enrolments")
export class EnrolmentsController {
  constructor(
    private readonly commands: EnrolmentCommands,
    private readonly reader: EnrolmentReader,
    private readonly searcher: EnrolmentSearcher,
  ) {}

  @Post()
  @Route({
    summary: "Enrol a patient on a pathway",
    description:
      "`events` are what happened already, all or nothing. Without `occurredAt` the enrolment dates itself to the earliest of them, else to now.",
    access: "writePatients",
    purpose: "enrolment",
    body: NewEnrolment,
    remedies: RedFlagOffers,
    judge: PartialJudge,
    idempotency: "required",
    answer: { status: 201, description: "The enrolment.", schema: NewEnrolmentAnswer },
    problems: [
      "duplicate-enrolment",
      "duplicate-identifier",
      "event-refused",
      "confirmation-required",
      "duplicate-source",
      "overlapping-enrolment",
      "exited",
      "invalid-time",
      "reporter-not-allowed",
      "not-found",
      "pathway-fault",
    ],
  })
  enrol(@Body() body: NewEnrolment, @Caller() caller: Person, @IdempotencyKey() key: Idempotency) {
    return this.commands.enrol(caller, body, key);
  }

  @Get()
  @Route({
    summary: "Enrolments by pathway, status, state and site",
    access: "readPatients",
    purpose: "search",
    query: EnrolmentFilters,
    answer: { status: 200, description: "A page, the newest enrolment first.", schema: EnrolmentPage },
  })
  list(@Query() query: EnrolmentFilters, @Caller() caller: Person) {
    return this.searcher.search(caller, query);
  }

  @Post("search")
  @Route({
    summary: "The same, and by name, identifier or birth date",
    description: "What is searched for is personal: it travels in the body and is never logged.",
    access: "readPatients",
    purpose: "search",
    body: EnrolmentSearch,
    answer: { status: 200, description: "A page, the newest enrolment first.", schema: EnrolmentPage },
  })
  search(@Body() body: EnrolmentSearch, @Caller() caller: Person) {
    return this.searcher.search(caller, body);
  }

  @Get(":id")
  @Route({
    summary: "One enrolment, now or as it stood",
    description:
      "`asOf`: as it stood then (a bare date: at the end of that day); `knownAt`: from what was recorded by then. Both default to now.",
    access: "readPatients",
    purpose: "enrolment",
    params: ById,
    query: AsOf,
    answer: { status: 200, description: "The enrolment.", schema: EnrolmentAnswer },
  })
  one(@Param() { id }: ById, @Query() query: AsOf, @Caller() caller: Person) {
    return this.reader.read(caller, id, query);
  }

  @Patch(":id/patient")
  @Route({
    summary: "Correct or add personal data of the patient",
    description:
      "What is given replaces what there was, `contactConsent` field by field; null takes it away. `addIdentifiers` and `removeIdentifiers` leave the other identifiers as they are. The histories of all enrolments of the patient tell it.",
    access: "writePatients",
    purpose: "amendment",
    params: ById,
    body: PatientChanges,
    judge: PartialJudge,
    idempotency: "optional",
    answer: { status: 200, description: "The enrolment.", schema: EnrolmentAnswer },
    problems: ["duplicate-identifier", "stale"],
  })
  amendPatient(
    @Param() { id }: ById,
    @Body() body: PatientChanges,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ) {
    return this.commands.amendPatient(caller, id, body, key);
  }
}
