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
  const empty = new Set(told.filter(isEmptyText).map(({ instancePath }) => instancePath));
  const faults = told
    .filter((error) => !isWithin(error, wholes))
    .filter((error) => !(isOfForm(error) && empty.has(error.instancePath)))
    .map(dataFault);
  const unique = new Map(faults.map((fault) => [`${fault.pointer}\n${fault.detail}`, fault]));
  return [...unique.values()];
}

const isEmptyText = ({ keyword, params }: ErrorObject): boolean => keyword === "minLength" && params["limit"] === 1;

/** An empty text has no form either: that it is empty says it all. */
const isOfForm = ({ keyword }: ErrorObject): boolean => keyword === "pattern" || keyword === "format";

/** A branch of `anyOf` or `oneOf` that does not fit is no fault of its own: the whole is told once. */
function isWithin(error: ErrorObject, wholes: readonly ErrorObject[]): boolean {
  return wholes.some(({ schemaPath }) => error.schemaPath.startsWith(`${schemaPath}/`));
}

function dataFault({ keyword, instancePath, params, parentSchema }: ErrorObject): DataFault {
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
  const described = DESCRIBED.has(keyword) ? (parentSchema?.["description"] as string | undefined) : undefined;
  if (described)
    return { pointer: instancePath, detail: `${name} does not fit its description: ${sentence(described)}` };
  return { pointer: instancePath, detail: `${name} ${demand(keyword, parameters, parentSchema)}.` };
}

/** Of these the schema's author says in words what to write. */
const DESCRIBED: ReadonlySet<string> = new Set(["pattern", "anyOf", "oneOf"]);

const sentence = (words: string): string => (words.endsWith(".") ? words : `${words}.`);

const FORMATS: Record<string, string> = {
  date: "a date, such as 2026-03-02",
  "date-time": "an instant with its zone, such as 2026-03-02T14:00:00Z",
  time: "a time of day, such as 09:30",
  duration: "a duration, such as P3M or PT2H",
  email: "an e-mail address, such as ada@example.org",
  uri: "an address, such as https://example.org",
  uuid: "a UUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, joined by hyphens",
};

const counted = (limit: string, one: string, many: string): string => `${limit} ${limit === "1" ? one : many}`;

function demand(keyword: string, params: Record<string, unknown>, schema: Schema): string {
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
      return limit === "1" ? "must not be empty" : `must have at least ${counted(limit, "character", "characters")}`;
    case "maxLength":
      return `must have at most ${counted(limit, "character", "characters")}`;
    case "minItems":
      return limit === "1" ? "must not be empty" : `must have at least ${counted(limit, "entry", "entries")}`;
    case "maxItems":
      return `must have at most ${counted(limit, "entry", "entries")}`;
    case "uniqueItems":
      return "must not hold the same entry twice";
    case "minProperties":
      return `must have at least ${counted(limit, "field", "fields")}`;
    case "maxProperties":
      return `must have at most ${counted(limit, "field", "fields")}`;
    case "format":
      return `must be ${FORMATS[String(params["format"])] ?? `a valid ${String(params["format"])}`}`;
    case "pattern":
      return `must match the pattern \`${String(params["pattern"])}\``;
    case "not":
    case "false schema":
      return "is not allowed here";
    default:
      return `must be one of: ${formsOf(keyword, schema).join("; ")}`;
  }
}

type Schema = ErrorObject["parentSchema"];

/** What each branch of a choice is, as far as its own words or its type tell. */
function formsOf(keyword: string, schema: Schema): string[] {
  const branches: unknown = schema?.[keyword];
  if (!Array.isArray(branches)) return ["a form that the schema of this field describes"];
  const forms = (branches as JsonObject[]).map(({ title, description, const: only, enum: values, type, required }) => {
    if (typeof title === "string") return title;
    if (only !== undefined) return `\`${String(only)}\``;
    if (Array.isArray(values)) return listed(values.map(String), "or");
    const typed = type === undefined ? "a value" : typeWords(type);
    if (Array.isArray(required) && required.length > 0) return `${typed} with ${listed(required.map(String))}`;
    return typeof description === "string" ? description.replace(/\.$/, "") : typed;
  });
  return [...new Set(forms)];
}
