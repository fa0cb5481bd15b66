import { Body, Controller, Delete, Param, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { Idempotency } from "../engine/index.js";
import { ById, IdempotencyKey, Route } from "../http/index.js";
import { NotTheSame, PersonAnswer, SameAs } from "../patients/index.js";
import { Caller, type Person } from "../people/index.js";
import { Persons } from "./persons.js";

@ApiTags("patients")
@Controller("api/patients/:id/same-as")
export class PersonsController {
  constructor(private readonly persons: Persons) {}

  @Post()
  @Route({
    summary: "Two records are of one person",
    description:
      "They are shown as one, by the name of `patient`, with the identifiers and enrolments of both. The histories stay as they are, and both tell it. Nobody is active twice on one pathway: one of two such enrolments ends first.",
    access: "writePatients",
    purpose: "patient",
    params: ById,
    body: SameAs,
    idempotency: "required",
    answer: { status: 201, description: "The person.", schema: PersonAnswer },
    problems: ["both-active"],
  })
  join(@Param() { id }: ById, @Body() body: SameAs, @Caller() caller: Person, @IdempotencyKey() key: Idempotency) {
    return this.persons.join(caller, id, body, key);
  }

  @Delete()
  @Route({
    summary: "Take back that this record is of the same person as another one",
    description:
      "What was said of this record with POST; where nothing was, what was said of others about it. What else was said stands. `parted` names the records that are of this person no longer.",
    access: "writePatients",
    purpose: "patient",
    params: ById,
    body: NotTheSame,
    idempotency: "optional",
    answer: { status: 200, description: "The person of this record.", schema: PersonAnswer },
  })
  part(
    @Param() { id }: ById,
    @Body() body: NotTheSame,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ) {
    return this.persons.part(caller, id, body, key);
  }
}
