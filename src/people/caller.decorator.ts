import { createParamDecorator, type ExecutionContext } from "@nestjs/common";
import type { CalledRequest } from "../http/index.js";
import type { Person } from "./person.js";
import type { Session } from "./sessions.js";

/** A request after the guard: `person` is who asks, `session` the sign-in that let them in. */
export interface SignedInRequest extends CalledRequest {
  person?: Person;
  session?: Session;
}

/** Who asks. Only on routes that ask for a sign-in. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Person => {
  const { person } = context.switchToHttp().getRequest<SignedInRequest>();
  if (!person) throw new Error("A public route has no caller.");
  return person;
});

/** The sign-in that let the caller in. */
export const CalledBySession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const { session } = context.switchToHttp().getRequest<SignedInRequest>();
  if (!session) throw new Error("A public route has no sign-in.");
  return session;
});
