import type { ErrorObject } from "ajv";

/** One fault of a request's data: where, and what is wrong with it. */
export interface DataFault {
  pointer: string;
  detail: string;
}

/** Ajv's errors as sentences that never repeat a value, since a value may be personal. */
export function dataFaults(errors: readonly ErrorObject[] | null | undefined): DataFault[] {
  const faults = new Map<string, DataFault>();
  for (const error of errors ?? []) {
    const fault = { pointer: pointerOf(error), detail: sentence(error) };
    faults.set(`${fault.pointer} ${fault.detail}`, fault);
  }
  return [...faults.values()];
}

/** A missing or unknown member is pointed at itself, not at the object that lacks or holds it. */
function pointerOf(error: ErrorObject): string {
  const member = error.params["missingProperty"] ?? error.params["additionalProperty"];
  if (typeof member !== "string") return error.instancePath;
  return `${error.instancePath}/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function sentence(error: ErrorObject): string {
  const { keyword, params } = error;
  switch (keyword) {
    case "required":
      return "This field is missing.";
    case "additionalProperties":
      return "This field is unknown.";
    case "type":
      return `This must be of type ${String(params["type"])}.`;
    case "enum":
      return `This must be one of ${(params["allowedValues"] as unknown[]).join(", ")}.`;
    case "const":
      return `This must be ${JSON.stringify(params["allowedValue"])}.`;
    case "format":
      return `This is not a valid ${String(params["format"])}.`;
    case "minProperties":
      return "At least one field must be given.";
    default:
      return `This ${error.message ?? "is not valid"}.`;
  }
}
