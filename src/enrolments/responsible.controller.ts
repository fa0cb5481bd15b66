import { Body, Controller, Param, Post, Put } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { Idempotency } from "../engine/index.js";
import { ById, IdempotencyKey, Route } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { EnrolmentAnswer } from "./enrolments.schemas.js";
import { HandedOver, Handover, NewResponsible } from "./responsible.schemas.js";
import { Responsibility } from "./responsibility.js";

@ApiTags("enrolments")
@Controller("api/enrolments")
export class ResponsibleController {
  constructor(private readonly responsibility: Responsibility) {}

  @Put(":id/responsible")
  @Route({
    summary: "Make another coordinator responsible",
    description:
      "Its coordinator's tasks fall to them, unless somebody claims one. It is the coordinator who enrolled the patient, until somebody else is named.",
    access: "writePatients",
    purpose: "responsible",
    params: ById,
    body: NewResponsible,
    idempotency: "optional",
    answer: { status: 200, description: "The enrolment.", schema: EnrolmentAnswer },
    problems: ["pathway-fault"],
  })
  change(
    @Param() { id }: ById,
    @Body() body: NewResponsible,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ) {
    return this.responsibility.change(caller, id, body, key);
  }

  @Post("responsible")
  @Route({
    summary: "Hand the enrolments of one coordinator over to another",
    description:
      "All that go on, or those named. Each is changed by itself, and the answer tells of each named one that was not; sent again it goes on with what is left.",
    access: "writePatients",
    purpose: "responsible",
    body: Handover,
    idempotency: "optional",
    answer: { status: 200, description: "Which were handed over, and why others were not.", schema: HandedOver },
  })
  handOver(@Body() body: Handover, @Caller() caller: Person, @IdempotencyKey() key: Idempotency | undefined) {
    return this.responsibility.handOver(caller, body, key);
  }
}
