import { Controller, Get, Query, Req, Res } from "@nestjs/common";
import { ApiExcludeController } from "@nestjs/swagger";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { type CalledRequest, ProblemError, Route } from "../http/index.js";
import { Board } from "./board.js";

export const BOARD_PATH = "/operations/queues";

/** It may load what comes from here and nothing else: its page names fonts of a third party. */
const POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
const AnyQuery = Type.Object({}, { additionalProperties: true });

/** Left out of the description: the page and what it asks for are Bull Board's. */
@ApiExcludeController()
@Controller(BOARD_PATH)
export class BoardController {
  constructor(private readonly board: Board) {}

  @Get(["", "*"])
  @Route({
    summary: "The queues and their jobs",
    access: "administer",
    query: AnyQuery,
    answer: { status: 200, description: "A page, and what it loads.", schema: Type.String(), type: "text/html" },
  })
  async show(
    @Req() request: CalledRequest,
    @Query() query: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = request.url.split("?")[0]!.slice(BOARD_PATH.length) || "/";
    const answer = await this.board.answer(path, query);
    if (!answer) throw new ProblemError({ name: "not-found", detail: "There is nothing at this address." });
    void reply.header("content-security-policy", POLICY).header("cache-control", "no-store");
    void reply.code(answer.status).type(answer.type).send(answer.body);
  }
}
