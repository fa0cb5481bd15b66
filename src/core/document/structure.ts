import type { ErrorObject, Options, ValidateFunction } from "ajv";
import type { Json, JsonObject } from "./document.js";
import { listed, meant, typeWords, type Fault } from "./fault.js";
import { childPointer, pointerKeys } from "./pointer.js";

/** How the validators that are committed as code are made. */
export const structureOptions: Options = {
  ...{ allErrors: true, strict: true, allowUnionTypes: true, verbose: true, logger: false as const },
};

/** A JSON Schema that texts are held to, and its validator. */
export interface Form {
  schema: { definitions: Record<string, object> };
  validate: ValidateFunction;
  /** What is told of a text that holds nothing. */
  empty: string;
}

/** What XState has and a pathway has not, with the way a pathway does it. */
const FOREIGN: Record<string, string> = {
  invoke: "a pathway runs no code; declare a task in `meta.task`, and an event that reports its result",
  spawn: "a pathway runs no code; declare a task in `meta.task`, and an event that reports its result",
  entry: "a pathway runs no code; declare a task in `meta.task`",
  exit: "a pathway runs no code; declare a task in `meta.task`",
  actions: "a pathway runs no code; declare a task in `meta.task` of the state that is entered",
  assign: "nothing is assigned in a pathway; guards read the events on record, such as `latest('type')`",
  context: "nothing is assigned in a pathway; guards read the events on record, such as `latest('type')`",
  cond: "write `guard`",
  internal: "leave it out, or write `reenter`",
  in: "write a `guard` over the events on record, such as `since('type', 'track.state')`",
  delay: "declare a timer in `timers` and name it in `after`",
  onDone: "name the event that ends the state in `on`",
  onError: "a pathway runs no code that could fail; leave it out",
  output: "a pathway gives no output; leave it out",
  input: "a pathway takes no input; leave it out",
  tags: "leave it out",
  key: "the name of the state is its key; leave it out",
};

/** Faults of form: what does not fit the schema. */
export function formFaults(form: Form, value: Json): Fault[] {
  if (value === null) return [{ message: form.empty, pointer: "" }];
  if (form.validate(value)) return [];
  const errors = form.validate.errors ?? [];
  const faults = errors.filter((error) => isTold(error, errors)).map((error) => structureFault(error, form));
  const unique = new Map(faults.map((fault) => [`${fault.pointer}\n${fault.message}`, fault]));
  return [...unique.values()];
}

/**
 * The alternatives of an `anyOf` of the schema differ in their JSON type. So where one alternative has another fault
 * than the type, it is the one that was meant, and the others are not told.
 */
function isTold(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.propertyName !== undefined) return false;
  const at = error.instancePath;
  const isChoice = errors.some(({ keyword, instancePath }) => keyword === "anyOf" && instancePath === at);
  if (!isChoice) return true;
  if (error.keyword === "type") return false;
  if (error.keyword !== "anyOf") return true;
  return !errors.some(
    ({ keyword, instancePath }) =>
      instancePath.startsWith(`${at}/`) || (instancePath === at && keyword !== "anyOf" && keyword !== "type"),
  );
}

function structureFault({ keyword, instancePath, params, parentSchema, data }: ErrorObject, form: Form): Fault {
  const place = describe(instancePath);
  const parameters = params as Record<string, unknown>;
  switch (keyword) {
    case "required": {
      const name = String(parameters["missingProperty"]);
      return {
        message: `${place} has no \`${name}\`: add it${explain(form, parentSchema, name)}.`,
        pointer: instancePath,
      };
    }
    case "additionalProperties": {
      const name = String(parameters["additionalProperty"]);
      const known = Object.keys((parentSchema as { properties?: object }).properties ?? {});
      const mend = FOREIGN[name] ?? `leave it out; ${meant(name, known, "field here")}`;
      return {
        message: `${place} has an unknown field \`${name}\`: ${mend}.`,
        pointer: childPointer(instancePath, name),
      };
    }
    case "propertyNames": {
      const name = String(parameters["propertyName"]);
      const message = `\`${name}\` in ${place} is no name: begin with a letter and go on with letters, digits, \`-\` and \`_\`.`;
      return { message, pointer: childPointer(instancePath, name) };
    }
    default:
      return { message: `${place} ${demand(form, keyword, parameters, parentSchema, data)}.`, pointer: instancePath };
  }
}

function demand(
  form: Form,
  keyword: string,
  params: Record<string, unknown>,
  schema: object | undefined,
  data: unknown,
): string {
  switch (keyword) {
    case "enum": {
      const allowed = listed((params["allowedValues"] as unknown[]).map(String), "or");
      return typeof data === "string" ? `says \`${data}\`: write ${allowed}` : `must be ${allowed}`;
    }
    case "type":
      return `must be ${typeWords(params["type"])}, not ${typeOf(data)}${quoteHint(params["type"], data)}`;
    case "anyOf":
      if (data === null && (schema as { title?: string }).title === "Transitions") {
        return "is empty: write `{}` to take the event without moving, or name a target";
      }
      return `must not be ${typeOf(data)}: write ${firstSentence(form, schema)}`;
    case "minLength":
      return "must not be empty: write a text";
    case "minItems":
    case "minProperties":
      return "must not be empty: add one";
    case "uniqueItems":
      return "holds the same entry twice: keep one";
    case "pattern":
      return `has not the right form: ${firstSentence(form, schema)}`;
    default:
      return `does not fit: ${firstSentence(form, schema)}`;
  }
}

function typeOf(data: unknown): string {
  if (data === null) return "empty";
  if (Array.isArray(data)) return "a list";
  return typeWords(typeof data);
}

function quoteHint(type: unknown, data: unknown): string {
  const wantsText = [type].flat().includes("string");
  return wantsText && (typeof data === "number" || typeof data === "boolean") ? ": put it in quotes" : "";
}

/** What a property is for, from its description in the schema. */
function explain(form: Form, schema: object | undefined, property: string): string {
  const properties = (schema as { properties?: JsonObject } | undefined)?.properties;
  const sentence = firstSentence(form, properties?.[property] as object | undefined);
  return sentence === "" ? "" : ` (${sentence})`;
}

function firstSentence(form: Form, schema: object | undefined): string {
  const { description, $ref } = (schema ?? {}) as { description?: string; $ref?: string };
  if (description !== undefined) return lowerFirst(description.split(/\.(?= |$)/)[0]!);
  const name = $ref?.split("/").at(-1);
  return name !== undefined ? firstSentence(form, form.schema.definitions[name]) : "";
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

/** A pointer as people read it: `machine.states.treatment.on["response.assessed"]`. */
function describe(pointer: string): string {
  if (pointer === "") return "The document";
  const keys = pointerKeys(pointer).map((key) => {
    if (/^\d+$/.test(key)) return `[${key}]`;
    return key.includes(".") || key === "*" ? `["${key}"]` : `.${key}`;
  });
  return `\`${keys.join("").replace(/^\./, "")}\``;
}
