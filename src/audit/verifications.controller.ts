import { Body, Controller, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { DataSource } from "typeorm";
import { type Static, Type } from "typebox";
import { verifyChains } from "../engine/index.js";
import { closed, ProblemError, Route, Uuid } from "../http/index.js";

const VerificationRequest = Type.Object({ enrolment: Type.Optional(Uuid) }, closed);
type VerificationRequest = Static<typeof VerificationRequest>;

const Verification = Type.Object({
  checked: Type.Integer({ description: "How many enrolments were checked." }),
  broken: Type.Array(Type.Object({ enrolment: Uuid, seq: Type.Integer(), fault: Type.String() })),
});

@ApiTags("audit")
@Controller("api/audit")
export class VerificationsController {
  constructor(private readonly dataSource: DataSource) {}

  @Post("verifications")
  @Route({
    summary: "Verify the hash chain of one history or of all",
    access: "audit",
    body: VerificationRequest,
    answer: { status: 200, description: "What was checked and what does not hold.", schema: Verification },
    problems: ["not-found"],
  })
  async verify(@Body() { enrolment }: VerificationRequest): Promise<Static<typeof Verification>> {
    const verification = await verifyChains(this.dataSource, enrolment);
    if (!verification) throw new ProblemError({ name: "not-found", detail: "There is no such enrolment." });
    return verification;
  }
}
