import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Controller, Get, Param, Res } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { AnyObject, closed, Route } from "../http/index.js";
import { ApiDescription } from "./api-description.js";

const require = createRequire(import.meta.url);

/** What the page loads. It comes from here, so that it works without any other host. */
const ASSETS = {
  "swagger-ui.css": "text/css",
  "swagger-ui-bundle.js": "text/javascript",
  "start.js": "text/javascript",
} as const;
type Asset = keyof typeof ASSETS;

const START = `SwaggerUIBundle({ url: "/docs/json", dom_id: "#api", deepLinking: true });\n`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pathkeeper API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
`;

const Page = Type.String();
const AssetPath = Type.Object({ name: Type.Enum(Object.keys(ASSETS) as Asset[]) }, closed);

@ApiTags("description")
@Controller("docs")
export class DocsController {
  constructor(private readonly description: ApiDescription) {}

  @Get()
  @Route({
    summary: "This description, for people",
    access: "public",
    answer: { status: 200, description: "A page.", schema: Page, type: "text/html" },
  })
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.type("text/html; charset=utf-8");
    return PAGE;
  }

  @Get("json")
  @Route({
    summary: "This description, as OpenAPI 3.1",
    access: "public",
    answer: { status: 200, description: "The document.", schema: AnyObject },
  })
  json(): Promise<object> {
    return this.description.make();
  }

  @Get("assets/:name")
  @Route({
    summary: "What the page loads",
    access: "public",
    params: AssetPath,
    answer: { status: 200, description: "A style sheet or a script.", schema: Type.String(), type: "text/plain" },
  })
  async asset(@Param("name") name: Asset, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(`${ASSETS[name]}; charset=utf-8`).header("cache-control", "max-age=3600");
    return name === "start.js" ? START : readFile(require.resolve(`swagger-ui-dist/${name}`), "utf8");
  }
}
