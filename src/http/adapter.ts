import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import type { FastifyReply, FastifyRequest } from "fastify";
import { jsonFaults, readJson as readJsonStrictly, textFaults } from "../core/index.js";
import { readBody } from "./body-text.js";
import type { CalledRequest } from "./called.js";
import { type Problem, ProblemError } from "./problems.js";
import { JsonText } from "./json-text.js";
import { boundConnections, type ConnectionLimits, forgoUnused, serverTimes } from "./connections.js";
import { PROBLEM_JSON, problemBody, problemOf } from "./problem-answer.js";

const BODY_LIMIT = 1024 * 1024;
const YAML_TYPES = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

/** Reads JSON, and YAML as text, and nothing else; Nest's own parsers, which take forms, stay out. */
class ProblemAnsweringAdapter extends FastifyAdapter {
  override registerParserMiddleware(): void {}

  override reply(response: FastifyReply, body: unknown, status?: number): FastifyReply {
    if (!(body instanceof JsonText)) return super.reply(response, body, status) as FastifyReply;
    const json = response.type("application/json; charset=utf-8");
    return super.reply(json, body.text, body.status ?? status) as FastifyReply;
  }
}

/** The web server before any route: limits and parsers, request ids, and problems where no route is reached. */
export function makeHttpAdapter(limits: Partial<ConnectionLimits> = {}): FastifyAdapter {
  const adapter = new ProblemAnsweringAdapter({
    bodyLimit: BODY_LIMIT,
    ...serverTimes(limits),
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerUnrouted,
    clientErrorHandler: answerUnparsed,
  });
  const server = adapter.getInstance();
  boundConnections(server.server, limits);
  const forgo = forgoUnused(server.server);
  server.addHook("preClose", (done) => {
    forgo();
    done();
  });
  const readJson = server.getDefaultJsonParser("error", "error");
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request: CalledRequest, bytes, done) => {
    const { text, problem } = readBody(request, bytes as Buffer);
    // Many clients name the type even where there is no body.
    if (problem || text === "") return done(problem ?? null, undefined);
    void readJson(request, text, (error, body) => {
      if (error) return done(namesNotTaken(text) ?? error);
      request.textFaults = jsonFaults(text, body);
      done(null, body);
    });
  });
  server.addContentTypeParser(YAML_TYPES, { parseAs: "buffer" }, (request: CalledRequest, bytes, done) => {
    const { text, problem } = readBody(request, bytes as Buffer);
    request.textFaults = textFaults(text);
    done(problem ?? null, text);
  });
  server.addContentTypeParser("*", (request, _payload, done) => {
    // Left unread: the route's contract refuses the type, and names those that the route reads.
    if (request.headers["content-type"] !== undefined) done(null, undefined);
    else done(new ProblemError({ name: "unsupported-media-type", detail: "The body comes without a Content-Type." }));
  });
  server.addHook("onRequest", (request, reply, done) => {
    reply.header("x-content-type-options", "nosniff");
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
    done();
  });
  return adapter;
}

/** JSON that is refused for a name such as `__proto__`, with its place; undefined for what is no JSON. */
function namesNotTaken(text: string): ProblemError | undefined {
  try {
    const { faults: errors } = readJsonStrictly(text);
    const detail = "The body has a name that is not taken as one of a field: leave it out.";
    return errors.length > 0 ? new ProblemError({ name: "malformed-request", detail, errors }) : undefined;
  } catch {
    return undefined;
  }
}

/** A URL that cannot be decoded is answered before any hook or filter runs. */
function answerUnrouted(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemBody(problemOf(error) ?? { name: "not-found", detail: "There is nothing at this address." });
  void reply.code(problem.status).type(PROBLEM_JSON).send(JSON.stringify(problem));
}

/** What never became a request is answered on the bare socket. */
function answerUnparsed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) return;
  const problem = problemBody(error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? TOO_SLOW : NOT_HTTP);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `Content-Type: ${PROBLEM_JSON}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

const NOT_HTTP: Problem = { name: "malformed-request", detail: "This is not an HTTP request." };
const TOO_SLOW: Problem = {
  name: "too-slow",
  detail: "The request did not arrive whole in time. Send it again, without pauses.",
};
