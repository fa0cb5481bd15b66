import { type Static, Type } from "typebox";
import { AnyObject, closed, InstantText } from "../http/shared.schemas.js";

export const PathwayVersion = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 100 }), version: Type.String({ minLength: 1, maxLength: 50 }) },
  closed,
);
export type PathwayVersion = Static<typeof PathwayVersion>;

export const PublishedPathway = Type.Object({
  id: Type.String(),
  version: Type.String(),
  hash: Type.String({ description: "SHA-256 of the document's canonical JSON, in hex." }),
  title: Type.String(),
  publishedAt: InstantText,
  publishedBy: Type.String(),
});
export type PublishedPathway = Static<typeof PublishedPathway>;

export const PathwayList = Type.Object({ items: Type.Array(PublishedPathway) });
export const WholePathway = Type.Object({ ...PublishedPathway.properties, document: AnyObject });
export type WholePathway = Static<typeof WholePathway>;

/** A document, as JSON or as YAML text. Its own schema and checks tell what is wrong with it. */
export const DocumentBody = Type.Unsafe<string | Record<string, unknown>>({
  type: ["object", "string"],
  description: "A pathway document as `pathways/pathway.schema.json` describes it.",
});
