import { Controller, Get, Param, Res } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { closed, ProblemError, type ProblemName, PROBLEMS, Route } from "../http/index.js";

const ProblemPath = Type.Object({ name: Type.String() }, closed);
const Page = Type.String({ description: "A page for people." });

/** A page for each problem, and the way to it from the problem's `type`. */
@ApiTags("problems")
@Controller()
export class ProblemsController {
  @Get("docs/problems")
  @Route({
    summary: "Every problem that an answer may name",
    access: "public",
    answer: { status: 200, description: "The closed list.", schema: Page, type: "text/html" },
  })
  all(@Res({ passthrough: true }) reply: FastifyReply): string {
    const names = Object.keys(PROBLEMS) as ProblemName[];
    reply.type("text/html; charset=utf-8");
    return html("Problems", names.map((name) => `<h2 id="${name}">${link(name)}</h2>${article(name)}`).join("\n"));
  }

  @Get("docs/problems/:name")
  @Route({
    summary: "What a problem means and what to do",
    access: "public",
    params: ProblemPath,
    answer: { status: 200, description: "The page.", schema: Page, type: "text/html" },
  })
  one(@Param("name") given: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    const name = known(given);
    reply.type("text/html; charset=utf-8");
    return html(PROBLEMS[name].title, `${article(name)}\n<p><a href="/docs/problems">All problems</a></p>`);
  }

  @Get("problems/:name")
  @Route({
    summary: "Where a problem's `type` leads",
    access: "public",
    params: ProblemPath,
    answer: { status: 302, description: "To the page under /docs." },
  })
  type(@Param("name") given: string, @Res({ passthrough: true }) reply: FastifyReply): void {
    reply.redirect(`/docs/problems/${known(given)}`, 302);
  }
}

function known(name: string): ProblemName {
  if (Object.hasOwn(PROBLEMS, name)) return name as ProblemName;
  throw new ProblemError({ name: "not-found", detail: "There is no such problem." });
}

function link(name: ProblemName): string {
  return `<a href="/docs/problems/${name}">${PROBLEMS[name].title}</a>`;
}

function article(name: ProblemName): string {
  const { status, text } = PROBLEMS[name];
  return `<p><code>/problems/${name}</code>, HTTP ${status}</p>\n<p>${text.replaceAll(/`([^`]+)`/g, "<code>$1</code>")}</p>`;
}

function html(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Pathkeeper</title>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;
}
