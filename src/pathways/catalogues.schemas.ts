import { type Static, Type } from "typebox";
import { AnyObject, closed, InstantText } from "../http/shared.schemas.js";
import { PathwayVersion } from "./pathways.schemas.js";

const Language = Type.String({ pattern: "^[a-z]{2,3}(-[A-Z]{2})?$", description: "Such as `en` or `de-CH`." });

export const CataloguePath = Type.Object({ ...PathwayVersion.properties, language: Language }, closed);
export type CataloguePath = Static<typeof CataloguePath>;

export const CatalogueAnswer = Type.Object({
  language: Language,
  number: Type.Integer({ minimum: 1, description: "Counts what was published in this language; the highest holds." }),
  hash: Type.String({ description: "SHA-256 of the catalogue's canonical JSON, in hex." }),
  publishedAt: InstantText,
  publishedBy: Type.String(),
});
export type CatalogueAnswer = Static<typeof CatalogueAnswer>;

export const CatalogueList = Type.Object({ items: Type.Array(CatalogueAnswer) });

export const WordsAnswer = Type.Object({
  pathway: Type.String(),
  version: Type.String(),
  language: Language,
  hash: Type.Union([Type.String(), Type.Null()], {
    description: "Of the catalogue of this very language; null where there is none.",
  }),
  catalogues: Type.Array(CatalogueAnswer, {
    description: "Those that the words are of, in the order in which they are asked.",
  }),
  words: Type.Unsafe<Record<string, unknown>>({
    ...AnyObject,
    description:
      "As `pathways/catalogue.schema.json` has it, every word there: a field's words stand at each event that has it.",
  }),
  instead: Type.Array(
    Type.Object({
      word: Type.String({ description: "Its place, parted by ` / `." }),
      from: Type.String({
        description:
          "The language that it is of instead, `document` for the document's own text, `key` for the key, split, or `nothing` for a message that no catalogue has.",
      }),
    }),
    { description: "Words that are not of this language." },
  ),
});
export type WordsAnswer = Static<typeof WordsAnswer>;

/** A catalogue, as JSON or as YAML text. Its own schema and checks tell what is wrong with it. */
export const CatalogueBody = Type.Unsafe<string | Record<string, unknown>>({
  type: ["object", "string"],
  description: "A catalogue as `pathways/catalogue.schema.json` describes it.",
});
