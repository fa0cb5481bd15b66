import { Controller, Delete, Get, Param } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { ById, Route } from "../http/index.js";
import { CalledBySession, Caller } from "./caller.decorator.js";
import { opens } from "./permissions.js";
import { type Person, rolesAnywhere } from "./person.js";
import { SessionList } from "./session.schemas.js";
import { sessionTimes } from "./session-view.js";
import { type Session, Sessions } from "./sessions.js";

@ApiTags("people")
@Controller("api/sessions")
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @Route({
    summary: "Who is signed in",
    description: "One's own sign-ins; for an administrator, everybody's.",
    access: "anyone",
    answer: { status: 200, description: "Those that go on, the one used last first.", schema: SessionList },
  })
  async list(@CalledBySession() current: Session, @Caller() caller: Person): Promise<SessionList> {
    const sessions = await this.sessions.list(whose(caller));
    return {
      items: sessions.map((session) => ({
        ...{ id: session.id, person: session.person, ...sessionTimes(session), current: session.id === current.id },
      })),
    };
  }

  @Delete(":id")
  @Route({
    summary: "End a sign-in",
    description: "One of one's own; for an administrator, anybody's. It ends in every process at once.",
    access: "anyone",
    params: ById,
    answer: { status: 204, description: "It has ended." },
  })
  end(@Param() { id }: ById, @Caller() caller: Person): Promise<void> {
    return this.sessions.end(id, whose(caller));
  }
}

/** Null: everybody's. */
function whose(caller: Person): string | null {
  return opens(rolesAnywhere(caller), "administer") ? null : caller.id;
}
