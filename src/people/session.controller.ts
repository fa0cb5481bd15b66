import { Body, Controller, Delete, Get, Headers, Inject, Post, Res } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { FastifyReply } from "fastify";
import { Route } from "../http/index.js";
import { CalledBySession, Caller } from "./caller.decorator.js";
import { DemonstrationSignIn } from "./demonstration-sign-in.js";
import { rolesAnywhere, rolesAt, type StaffMember } from "./person.js";
import { PLACES, type Places } from "./places.js";
import { CurrentSession, Signed, SignIn } from "./session.schemas.js";
import { sessionTimes } from "./session-view.js";
import { type Session, SESSION_COOKIE, Sessions } from "./sessions.js";

const COOKIE = { path: "/", httpOnly: true, sameSite: "strict" } as const;

@ApiTags("people")
@Controller("api/session")
export class SessionController {
  constructor(
    private readonly demonstration: DemonstrationSignIn,
    private readonly sessions: Sessions,
    @Inject(PLACES) private readonly places: Places,
  ) {}

  @Post()
  @Route({
    summary: "Sign in for a demonstration",
    description:
      "As one of its people, or as anybody of `/api/people`. Only without OIDC and on a loopback address. Sets the browser's cookie as well. A sign-in ends after 30 minutes without use, and after 12 hours.",
    access: "public",
    body: SignIn,
    answer: { status: 201, description: "Signed in.", schema: Signed },
    problems: ["not-found"],
  })
  async signIn(
    @Body() body: SignIn,
    @Headers("host") host: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Signed> {
    const token = await this.demonstration.signIn(body.user, host);
    reply.setCookie(SESSION_COOKIE, token, COOKIE);
    return { token };
  }

  @Get()
  @Route({
    summary: "Who is signed in, where they hold which roles, and until when",
    access: "anyone",
    answer: { status: 200, description: "The sign-in by which this is asked.", schema: CurrentSession },
  })
  async current(@CalledBySession() session: Session, @Caller() person: StaffMember): Promise<CurrentSession> {
    const sites = (await this.places.all()).map(({ id, name, calendar }) => {
      return { id, name, timeZone: calendar.timeZone, roles: rolesAt(person, id) };
    });
    const { id, name, language } = person;
    return {
      ...{ id: session.id, person: { id, name, language }, roles: rolesAnywhere(person) },
      sites: sites.filter(({ roles }) => roles.length > 0),
      ...sessionTimes(session),
    };
  }

  @Delete()
  @Route({
    summary: "Sign out",
    access: "anyone",
    answer: { status: 204, description: "The sign-in has ended, and the browser's cookie is gone." },
  })
  async signOut(
    @CalledBySession() { id, person }: Session,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.end(id, person);
    reply.clearCookie(SESSION_COOKIE, COOKIE);
  }
}
