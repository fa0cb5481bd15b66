import { Body, Controller, Get, Param, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { formatInstant, parseDocument, type Pathway, xstateJson } from "../core/index.js";
import type { Idempotency } from "../engine/index.js";
import { AdministrativeKeys, AnyObject, IdempotencyKey, ProblemError, Route } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { faulty } from "./faulty-document.js";
import { PathwayRegistry, type Published } from "./pathway-registry.js";
import { DocumentBody, PathwayList, PathwayVersion, PublishedPathway, WholePathway } from "./pathways.schemas.js";

@ApiTags("pathways")
@Controller("api/pathways")
export class PathwaysController {
  constructor(
    private readonly registry: PathwayRegistry,
    private readonly keys: AdministrativeKeys,
  ) {}

  @Get()
  @Route({
    summary: "All published versions",
    access: "anyone",
    answer: { status: 200, description: "By id, the newest version first.", schema: PathwayList },
  })
  async list(): Promise<{ items: PublishedPathway[] }> {
    return { items: (await this.registry.list()).map(answer) };
  }

  @Post()
  @Route({
    summary: "Publish a document",
    description: "A published version is never edited. Publishing the same content again changes nothing.",
    access: "administer",
    body: DocumentBody,
    consumes: ["application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"],
    idempotency: "optional",
    answer: { status: 201, description: "Published.", schema: PublishedPathway },
    problems: ["invalid-document", "version-exists"],
  })
  async publish(
    @Body() body: string | object,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ): Promise<PublishedPathway> {
    const isText = typeof body === "string";
    const checked = await this.registry.check(parseDocument(isText ? body : JSON.stringify(body, null, 2)));
    return this.keys.once(caller.id, key, async (sql) => {
      if (Array.isArray(checked)) throw faulty("The document has faults.", checked, isText);
      const publication = await this.registry.store(sql, checked, caller.id);
      if (publication.kind === "published") return answer(publication.published);
      const detail = `${publication.id}@${publication.version} exists with other content. Raise the version.`;
      throw new ProblemError({ name: "version-exists", detail });
    });
  }

  @Get(":id/:version")
  @Route({
    summary: "One version with its document",
    access: "anyone",
    params: PathwayVersion,
    answer: { status: 200, description: "The version.", schema: WholePathway },
  })
  async one(@Param() { id, version }: PathwayVersion): Promise<WholePathway> {
    const published = await this.registry.find(id, version);
    const { document } = await this.pathway(id, version);
    return { ...answer(published!), document: document as unknown as Record<string, unknown> };
  }

  @Get(":id/:version/xstate.json")
  @Route({
    summary: "The machine as plain XState JSON, for Stately's tools",
    access: "anyone",
    params: PathwayVersion,
    answer: { status: 200, description: "An XState v5 machine configuration.", schema: AnyObject },
  })
  async xstate(@Param() { id, version }: PathwayVersion): Promise<object> {
    return xstateJson((await this.pathway(id, version)).document);
  }

  private async pathway(id: string, version: string): Promise<Pathway> {
    const pathway = await this.registry.pathway(id, version);
    if (!pathway) throw new ProblemError({ name: "not-found", detail: "There is no such version." });
    return pathway;
  }
}

function answer({ publishedAt, ...published }: Published): PublishedPathway {
  return { ...published, publishedAt: formatInstant(publishedAt) };
}
