import { type INestApplication, Injectable } from "@nestjs/common";
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from "@nestjs/swagger";
import { PathwayRegistry } from "../pathways/index.js";
import { SESSION_COOKIE } from "../people/index.js";
import { eventSchemas, reference } from "./event-schemas.js";

const ENROLMENTS = "/api/enrolments";
const REPORTS = `${ENROLMENTS}/{id}/events`;
const CORRECTIONS = `${REPORTS}/{seq}/correction`;

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
    const reports: Reference[] = [];
    const data: Reference[] = [];
    for (const { id, version } of await this.registry.list()) {
      const events = eventSchemas((await this.registry.pathway(id, version))!.document);
      Object.assign(schemas, events.schemas);
      reports.push({ $ref: reference(events.name) });
      data.push(...events.data.map((name) => ({ $ref: reference(name) })));
    }
    if (reports.length > 0) describeEvents(described, reports, data);
    return described;
  }
}

type Reference = { $ref: string };
type Body = { schema: { properties: { events: { items: object }; data: object } } };

/** Every place of a request where an event or its data stands takes what the published documents declare. */
function describeEvents({ paths }: OpenAPIObject, reports: Reference[], data: Reference[]): void {
  const bodyOf = (path: string): Body => {
    const { content } = paths[path]!.post!.requestBody as unknown as { content: { "application/json": Body } };
    return content["application/json"];
  };
  Object.assign(bodyOf(REPORTS), { schema: { anyOf: reports } });
  const { events } = bodyOf(ENROLMENTS).schema.properties;
  // Of a report only what an event of the past may carry.
  events.items = { allOf: [events.items, { anyOf: reports }] };
  bodyOf(CORRECTIONS).schema.properties.data = { anyOf: data };
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
