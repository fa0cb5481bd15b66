import { Body, Controller, Get, Param, Post } from "@nestjs/common";
import { ApiTags } from "@nestjs/swagger";
import { formatInstant, parseCatalogue, type PathwayDocument } from "../core/index.js";
import type { Idempotency } from "../engine/index.js";
import { AdministrativeKeys, IdempotencyKey, ProblemError, Route } from "../http/index.js";
import { Caller, type Person } from "../people/index.js";
import { CatalogueRegistry, type PublishedCatalogue, type SoundCatalogue } from "./catalogue-registry.js";
import { CatalogueAnswer, CatalogueBody, CatalogueList, CataloguePath, WordsAnswer } from "./catalogues.schemas.js";
import { faulty } from "./faulty-document.js";
import { PathwayRegistry } from "./pathway-registry.js";
import { PathwayVersion } from "./pathways.schemas.js";

@ApiTags("pathways")
@Controller("api/pathways/:id/:version/catalogues")
export class CataloguesController {
  constructor(
    private readonly pathways: PathwayRegistry,
    private readonly catalogues: CatalogueRegistry,
    private readonly keys: AdministrativeKeys,
  ) {}

  @Get()
  @Route({
    summary: "All published catalogues of a version",
    access: "anyone",
    params: PathwayVersion,
    answer: { status: 200, description: "By language, the newest first: it holds.", schema: CatalogueList },
  })
  async list(@Param() { id, version }: PathwayVersion): Promise<{ items: CatalogueAnswer[] }> {
    await this.document(id, version);
    return { items: (await this.catalogues.list(id, version)).map(answer) };
  }

  @Get(":language")
  @Route({
    summary: "The words of a version in a language",
    description:
      "What the language lacks is English, else the document's own text, else the key, split; `instead` tells which words that are.",
    access: "anyone",
    params: CataloguePath,
    answer: { status: 200, description: "Every word.", schema: WordsAnswer },
  })
  async words(@Param() { id, version, language }: CataloguePath): Promise<WordsAnswer> {
    const { catalogues, words, instead } = await this.catalogues.words(await this.document(id, version), language);
    const own = catalogues.find((catalogue) => catalogue.language === language);
    return {
      ...{ pathway: id, version, language, hash: own?.hash ?? null, catalogues: catalogues.map(answer) },
      ...{ words: words as Record<string, unknown>, instead },
    };
  }

  @Post(":language")
  @Route({
    summary: "Publish the words of a version in a language",
    description: "They hold from now on, and nobody is moved. Publishing what holds already changes nothing.",
    access: "administer",
    params: CataloguePath,
    body: CatalogueBody,
    consumes: ["application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"],
    idempotency: "optional",
    answer: { status: 201, description: "Published.", schema: CatalogueAnswer },
    problems: ["invalid-document"],
  })
  async publish(
    @Param() { id, version, language }: CataloguePath,
    @Body() body: string | object,
    @Caller() caller: Person,
    @IdempotencyKey() key: Idempotency | undefined,
  ): Promise<CatalogueAnswer> {
    const document = await this.document(id, version);
    const isText = typeof body === "string";
    const parsed = parseCatalogue(isText ? body : JSON.stringify(body, null, 2));
    const checked = this.catalogues.check(document, parsed);
    return this.keys.once(caller.id, key, async (sql) => {
      if (Array.isArray(checked)) throw faulty("The catalogue has faults.", checked, isText);
      refuseOtherLanguage(checked, language);
      return answer(await this.catalogues.store(sql, checked, caller.id));
    });
  }

  private async document(id: string, version: string): Promise<PathwayDocument> {
    const pathway = await this.pathways.pathway(id, version);
    if (!pathway) throw new ProblemError({ name: "not-found", detail: "There is no such version." });
    return pathway.document;
  }
}

function refuseOtherLanguage({ catalogue }: SoundCatalogue, language: string): void {
  if (catalogue.language === language) return;
  const message = `The catalogue is in \`${catalogue.language}\` and is sent as \`${language}\`: mend its language, or send it to its own address.`;
  throw faulty("The catalogue has faults.", [{ message, pointer: "/language" }], false);
}

function answer({ publishedAt, ...published }: PublishedCatalogue): CatalogueAnswer {
  return { ...published, publishedAt: formatInstant(publishedAt) };
}
