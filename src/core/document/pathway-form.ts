import type { ValidateFunction } from "ajv";
import schema from "../../../pathways/pathway.schema.json" with { type: "json" };
import compiled from "./pathway-schema.compiled.js";
import type { Form } from "./structure.js";

export const PATHWAY: Form = {
  schema,
  validate: compiled as unknown as ValidateFunction,
  empty:
    "The document is empty, or holds only comments (with curl, send it by --data-binary): see pathways/README.md for how to begin.",
};
