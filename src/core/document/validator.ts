import type { JsonObject, PathwayDocument } from "./document.js";
import { listed, typeWords, type DataFault } from "./fault.js";
import { childPointer } from "./pointer.js";
import { findEvent, resolveSchema } from "./resolve-schema.js";
import { makeSchemaCompiler, type ErrorObject, type ValidateFunction } from "./schema-compiler.js";

/**
 * Checks events' data by the schemas of a document and of the engine's own events. Each fault points at the property
 * it is about and repeats nothing of what was typed. Schemas are compiled as they are needed.
 */
export function makeValidator(document: PathwayDocument): (type: string, data: JsonObject) => DataFault[] {
  const compiler = makeSchemaCompiler();
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (type: string): ValidateFunction | undefined => {
    if (!findEvent(document, type)) return undefined;
    let validate = compiled.get(type);
    if (!validate) compiled.set(type, (validate = compiler.compile(resolveSchema(document, type))));
    return validate;
  };
  return (type, data) => {
    const validate = validatorOf(type);
    if (!validate) return [{ pointer: "", detail: `The pathway knows no event of the type \`${type}\`.` }];
    return validate(data) ? [] : dataFaults(validate.errors ?? []);
  };
}

/** The schema compiler's errors as sentences that repeat no value. */
export function dataFaults(errors: readonly ErrorObject[]): DataFault[] {
  const told = errors.filter(({ keyword }) => keyword !== "if");
  const wholes = told.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf" || keyword === "not");
  const faults = told.filter((error) => !isWithin(error, wholes)).map(dataFault);
  const unique = new Map(faults.map((fault) => [`${fault.pointer}\n${fault.detail}`, fault]));
  return [...unique.values()];
}

/** A branch of `anyOf` or `oneOf` that does not fit is no fault of its own: the whole is told once. */
function isWithin(error: ErrorObject, wholes: readonly ErrorObject[]): boolean {
  return wholes.some(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`));
}

function dataFault({ keyword, instancePath, params }: ErrorObject): DataFault {
  const parameters = params as Record<string, unknown>;
  if (keyword === "required" || keyword === "dependentRequired" || keyword === "dependencies") {
    const missing = String(parameters["missingProperty"]);
    return { pointer: childPointer(instancePath, missing), detail: `\`${missing}\` is missing.` };
  }
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") {
    const unknown = String(parameters["additionalProperty"] ?? parameters["unevaluatedProperty"]);
    return { pointer: childPointer(instancePath, unknown), detail: "This field is unknown here; leave it out." };
  }
  const name = instancePath === "" ? "The data" : `\`${instancePath.slice(1).replaceAll("/", ".")}\``;
  return { pointer: instancePath, detail: `${name} ${demand(keyword, parameters)}.` };
}

function demand(keyword: string, params: Record<string, unknown>): string {
  const limit = String(params["limit"]);
  switch (keyword) {
    case "type":
      return `must be ${typeWords(params["type"])}`;
    case "enum":
      return `must be ${listed((params["allowedValues"] as unknown[]).map(String), "or")}`;
    case "const":
      return `must be \`${String(params["allowedValue"])}\``;
    case "minimum":
      return `must be at least ${limit}`;
    case "exclusiveMinimum":
      return `must be more than ${limit}`;
    case "maximum":
      return `must be at most ${limit}`;
    case "exclusiveMaximum":
      return `must be less than ${limit}`;
    case "multipleOf":
      return `must be a multiple of ${String(params["multipleOf"])}`;
    case "minLength":
      return limit === "1" ? "must not be empty" : `must have at least ${limit} characters`;
    case "maxLength":
      return `must have at most ${limit} characters`;
    case "minItems":
      return limit === "1" ? "must not be empty" : `must have at least ${limit} entries`;
    case "maxItems":
      return `must have at most ${limit} entries`;
    case "uniqueItems":
      return "must not hold the same entry twice";
    case "minProperties":
      return `must have at least ${limit} fields`;
    case "maxProperties":
      return `must have at most ${limit} fields`;
    case "format":
      return `must be a valid ${String(params["format"])}`;
    case "pattern":
      return "has not the form that is asked for";
    case "not":
    case "false schema":
      return "is not allowed here";
    default:
      return "does not fit any of the forms that are allowed here";
  }
}
