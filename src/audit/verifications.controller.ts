import { Body, Controller, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { type Static, Type } from "typebox";
import { EnrolmentViews } from "../engine/index.js";
import { closed, Route, Uuid } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { NoSuchRecord, Reads } from "../reads/index.js";

const VerificationRequest = Type.Object({ enrolment: Type.Optional(Uuid) }, closed);
type VerificationRequest = Static<typeof VerificationRequest>;

const Verification = Type.Object({
  checked: Type.Integer({ description: "How many enrolments were checked." }),
  broken: Type.Array(Type.Object({ enrolment: Uuid, seq: Type.Integer(), fault: Type.String() })),
});

@ApiTags("audit")
@Controller("api/audit")
export class VerificationsController {
  constructor(
    private readonly reads: Reads,
    private readonly views: EnrolmentViews,
  ) {}

  @Post("verifications")
  @Route({
    summary: "Verify the hash chain of one history or of all",
    access: "audit",
    purpose: "verification",
    body: VerificationRequest,
    answer: { status: 200, description: "What was checked and what does not hold.", schema: Verification },
    problems: ["not-found"],
  })
  async verify(
    @Body() { enrolment }: VerificationRequest,
    @Caller() caller: Person,
  ): Promise<Static<typeof Verification>> {
    const subjects = enrolment === undefined ? [] : [enrolment.toLowerCase()];
    const verification = await this.views.verify(
      (work) => this.reads.answer(caller, "verification", work, () => subjects),
      enrolment,
    );
    if (!verification) throw new NoSuchRecord("enrolment");
    return verification;
  }
}
