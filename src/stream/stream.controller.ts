import { Controller, Get, Headers, Req, Res } from "@nestjs/common";
import { ApiHeader, ApiTags } from "@nestjs/swagger";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { type CalledRequest, Route } from "../http/index.js";
import { ROLES_FOR, SESSION_COOKIE, Sessions, sitesWhere } from "../people/index.js";
import { type Audience, Streams } from "./streams.js";

const EVENTS = "text/event-stream";

const RESUMING = {
  name: "Last-Event-ID",
  required: false,
  description: "The `id` of the last event seen, as browsers send it by themselves. What came after it is told first.",
  schema: { type: "string" },
};

@ApiTags("stream")
@Controller("api/stream")
export class StreamController {
  constructor(
    private readonly streams: Streams,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @ApiHeader(RESUMING)
  @Route({
    summary: "Follow what changes",
    description:
      "Server-sent events, of the sites where you may read. `changed` carries `{changed: [{enrolment, seq, tasks}]}`: ids of enrolments and of their tasks that were opened, closed or changed; `seq` is the newest record. `resync` says that something may have been left out: read anew what you show. A comment comes at least every 25 seconds. The stream ends with the sign-in.",
    access: "readPatients",
    answer: {
      status: 200,
      description: "Events, until either side ends it.",
      schema: Type.String(),
      type: EVENTS,
    },
  })
  async follow(
    @Req() request: CalledRequest,
    @Res() reply: FastifyReply,
    @Headers("last-event-id") after: string | undefined,
  ): Promise<void> {
    // Routes answer HEAD as well, with the head alone: nobody would follow what is opened for it.
    if (request.method === "HEAD") return void reply.type(EVENTS).send();
    const events = await this.streams.follow(this.audienceOf(request), after);
    // No proxy is to collect it, and no connection outlives it: a server that ends would wait for such a one.
    void reply.header("x-accel-buffering", "no").header("connection", "close");
    void reply.type(EVENTS).send(events);
  }

  /** Looked up anew each time: sign-ins end, and roles change. */
  private audienceOf(request: CalledRequest): Audience {
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const token = bearer ?? request.cookies[SESSION_COOKIE] ?? "";
    return async () => {
      const person = (await this.sessions.look(token))?.person;
      const sites = person && sitesWhere(person, ROLES_FOR.readPatients);
      return sites?.length === 0 ? undefined : sites;
    };
  }
}
