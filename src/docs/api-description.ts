import { type INestApplication, Injectable } from "@nestjs/common";
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from "@nestjs/swagger";
import { PathwayRegistry } from "../pathways/index.js";
import { SESSION_COOKIE } from "../people/index.js";
import { eventSchemas, reference } from "./event-schemas.js";

const REPORT = "/api/enrolments/{id}/events";

/** RFC 9457; members beyond these are named by the problems' pages. */
const PROBLEM = {
  type: "object",
  properties: {
    type: { type: "string", description: "`/problems/<name>`, from a closed list; each has a page under /docs." },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        properties: { pointer: { type: "string", description: "A JSON pointer." }, detail: { type: "string" } },
        required: ["pointer", "detail"],
      },
    },
  },
  required: ["type", "title", "status", "detail"],
};

/**
 * The API as OpenAPI 3.1. Routes come from their contracts, once; events come from the published documents, anew for
 * each request, because documents are published at any time.
 */
@Injectable()
export class ApiDescription {
  private routes: OpenAPIObject | undefined;

  constructor(private readonly registry: PathwayRegistry) {}

  /** Called once, when all routes are known. */
  describeRoutes(app: INestApplication): void {
    const document = SwaggerModule.createDocument(app, head());
    const schemas = { ...document.components?.schemas, Problem: PROBLEM };
    this.routes = { ...document, components: { ...document.components, schemas } } as OpenAPIObject;
  }

  async make(): Promise<object> {
    const described = structuredClone(this.routes!);
    const schemas: Record<string, object> = described.components!.schemas!;
    const choices: { $ref: string }[] = [];
    for (const { id, version } of await this.registry.list()) {
      const events = eventSchemas((await this.registry.pathway(id, version))!.document);
      Object.assign(schemas, events.schemas);
      choices.push({ $ref: reference(events.name) });
    }
    const body = described.paths[REPORT]?.post?.requestBody;
    if (choices.length && body && "content" in body) body.content["application/json"] = { schema: { anyOf: choices } };
    return described;
  }
}

function head(): Omit<OpenAPIObject, "paths"> {
  return new DocumentBuilder()
    .setOpenAPIVersion("3.1.0")
    .setTitle("Pathkeeper")
    .setDescription("Clinical care pathways that last months or years: who is where, what is due, and why.")
    .setVersion("1")
    .addBearerAuth({ type: "http", scheme: "bearer", description: "The token of POST /api/session." }, "bearer")
    .addCookieAuth(
      SESSION_COOKIE,
      { type: "apiKey", in: "cookie", name: SESSION_COOKIE, description: "Changing requests add `X-Pathkeeper: 1`." },
      "cookie",
    )
    .build();
}
