import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { TSchema } from "typebox";
import { dataFaults, type DataFault } from "../core/index.js";
import { ProblemError } from "../platform/problems.js";
import { unstorable } from "./storable.js";

const options = { allErrors: true, strict: false } as const;
const bodies = withFormats(new Ajv(options));
/** A query or a path is text: `limit=50` becomes a number. */
const parameters = withFormats(new Ajv({ ...options, coerceTypes: true }));
const compiled = new Map<TSchema, ValidateFunction>();

/** Returns the faults of a body, none if it fits. */
export function bodyFaults(schema: TSchema, body: unknown): DataFault[] {
  const fault = unstorable(body);
  if (fault) return [fault];
  const validate = compile(bodies, schema);
  return validate(body) ? [] : dataFaults(validate.errors ?? []);
}

/** The parameters with numbers and truth values in place of their texts, or the faults. */
export function readParameters(schema: TSchema, given: unknown): { value: unknown } | { faults: DataFault[] } {
  const value = { ...(given as object) };
  const fault = unstorable(value);
  if (fault) return { faults: [fault] };
  const validate = compile(parameters, schema);
  return validate(value) ? { value } : { faults: dataFaults(validate.errors ?? []) };
}

/** 422 with the pointers. */
export function invalidData(errors: DataFault[], more: Record<string, unknown> = {}): ProblemError {
  return new ProblemError({ name: "invalid-data", detail: "The request's data has faults.", ...more, errors });
}

function compile(ajv: Ajv, schema: TSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const validate = ajv.compile(schema);
  compiled.set(schema, validate);
  return validate;
}

function withFormats(ajv: Ajv): Ajv {
  addFormats.default(ajv);
  return ajv;
}
