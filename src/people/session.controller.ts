import { Body, Controller, Delete, Headers, Post, Res } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { FastifyReply } from "fastify";
import { type Static, Type } from "typebox";
import { closed, Route } from "../http/index.js";
import { DEMONSTRATION_USERS } from "./demonstration.js";
import { SESSION_COOKIE, Sessions } from "./sessions.js";

const SignIn = Type.Object({ user: Type.Enum(DEMONSTRATION_USERS) }, closed);
const Signed = Type.Object({ token: Type.String() });

@ApiTags("people")
@Controller("api/session")
export class SessionController {
  constructor(private readonly sessions: Sessions) {}

  @Post()
  @Route({
    summary: "Sign in for a demonstration",
    description: "Only without OIDC and on a loopback address. Sets the browser's cookie as well.",
    access: "public",
    body: SignIn,
    answer: { status: 201, description: "Signed in.", schema: Signed },
    problems: ["not-found"],
  })
  signIn(
    @Body() body: Static<typeof SignIn>,
    @Headers("host") host: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Static<typeof Signed> {
    const token = this.sessions.signIn(body.user, host);
    reply.setCookie(SESSION_COOKIE, token, { path: "/", httpOnly: true, sameSite: "strict" });
    return { token };
  }

  @Delete()
  @Route({
    summary: "Sign the browser out",
    access: "anyone",
    answer: { status: 204, description: "The cookie is gone." },
  })
  signOut(@Res({ passthrough: true }) reply: FastifyReply): void {
    reply.clearCookie(SESSION_COOKIE, { path: "/", httpOnly: true, sameSite: "strict" });
  }
}
