import { createParamDecorator, type ExecutionContext } from "@nestjs/common";
import type { CalledRequest } from "../http/index.js";
import type { Person } from "./person.js";

/** A request after the guard: `person` is who asks. */
export interface SignedInRequest extends CalledRequest {
  person?: Person;
}

/** Who asks. Only on routes that ask for a sign-in. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Person => {
  const { person } = context.switchToHttp().getRequest<SignedInRequest>();
  if (!person) throw new Error("A public route has no caller.");
  return person;
});
