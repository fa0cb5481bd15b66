import { Body, Controller, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { type Static, Type } from "typebox";
import { closed, Route, Uuid } from "../http/index.js";
import { Verifier } from "./verifier.js";

const VerificationRequest = Type.Object({ enrolment: Type.Optional(Uuid) }, closed);
const Verification = Type.Object({
  checked: Type.Integer({ description: "How many enrolments were checked." }),
  broken: Type.Array(Type.Object({ enrolment: Uuid, seq: Type.Integer(), fault: Type.String() })),
});

@ApiTags("audit")
@Controller("api/audit")
export class VerificationsController {
  constructor(private readonly verifier: Verifier) {}

  @Post("verifications")
  @Route({
    summary: "Verify the hash chain of one history or of all",
    access: "audit",
    body: VerificationRequest,
    answer: { status: 200, description: "What was checked and what does not hold.", schema: Verification },
    problems: ["not-found"],
  })
  verify(@Body() { enrolment }: Static<typeof VerificationRequest>): Promise<Static<typeof Verification>> {
    return this.verifier.verify(enrolment);
  }
}
