import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { TSchema } from "typebox";
import { dataFaults, type DataFault, textFaults } from "../core/index.js";
import { ProblemError } from "./problems.js";

const options = { allErrors: true, strict: false, verbose: true } as const;
const compileBody = compiler(new Ajv(options));
/** A query or a path is text: `limit=50` becomes a number. */
const compileParameters = compiler(new Ajv({ ...options, coerceTypes: true }));

/** What of a body breaks its schema; what is wrong with it as a text, its parser tells. */
export function bodyFaults(schema: TSchema, body: unknown): DataFault[] {
  const validate = compileBody(schema);
  return validate(body) ? [] : dataFaults(validate.errors ?? []);
}

/** The parameters with numbers and truth values in place of their texts, or the faults. */
export function readParameters(schema: TSchema, given: unknown): { value: unknown } | { faults: DataFault[] } {
  const value = { ...(given as object) };
  const faults = textFaults(value);
  if (faults.length) return { faults };
  const validate = compileParameters(schema);
  return validate(value) ? { value } : { faults: dataFaults(validate.errors ?? []) };
}

/** 422 with the pointers. */
export function invalidData(errors: readonly DataFault[]): ProblemError {
  return new ProblemError({ name: "invalid-data", detail: "The request's data has faults.", errors });
}

/** Each schema is compiled once: routes hold them for as long as the process lives. */
function compiler(ajv: Ajv): (schema: TSchema) => ValidateFunction {
  addFormats.default(ajv);
  const compiled = new Map<TSchema, ValidateFunction>();
  return (schema) => {
    let validate = compiled.get(schema);
    if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
    return validate;
  };
}
