import type { JsonObject } from "../document.js";
import { meant, type Fault } from "../fault.js";
import { isReserved } from "../lifecycle.js";
import { childPointer } from "../pointer.js";
import { isObject, ownProperty, resolveSchema } from "../resolve-schema.js";
import { fault, type Check } from "./problem.js";
import { schemaFaults, schemasWithin } from "./schemas.js";

/** Events are not the engine's, their data has a sound schema, and what they require is in it. */
export const checkEvents: Check = ({ document }) => {
  const definitions = document.definitions ?? {};
  const shared = Object.entries(definitions).flatMap(([name, schema]) =>
    schemaFaults(schema, definitions, childPointer("/definitions", name), `The definition \`${name}\``, [name]),
  );
  const faults = [...shared];
  for (const [type, event] of Object.entries(document.events)) {
    const pointer = childPointer("/events", type);
    if (isReserved(type)) {
      faults.push(
        fault(
          pointer,
          `The event \`${type}\` is the engine's own: leave it out, or choose a name that does not begin with \`${type.split(".")[0]!}.\`.`,
        ),
      );
      continue;
    }
    const own = event.schema
      ? schemaFaults(event.schema, definitions, `${pointer}/schema`, `The schema of \`${type}\``)
      : [];
    faults.push(...own);
    // What is wrong with a definition is told once, there.
    if (own.length === 0 && shared.length === 0)
      faults.push(...checkData(resolveSchema(document, type), type, pointer));
    event.requires?.forEach(({ field }, index) => {
      if (own.length > 0 || shared.length > 0) return;
      const problem = fieldProblem(resolveSchema(document, type), field);
      if (problem)
        faults.push(
          fault(`${pointer}/requires/${index}/field`, `What \`${type}\` requires is no field of its data: ${problem}.`),
        );
    });
  }
  return faults;
};

function checkData(schema: JsonObject, type: string, pointer: string): Fault[] {
  const faults: Fault[] = [];
  if (schema["type"] !== "object") {
    faults.push(
      fault(
        `${pointer}/schema`,
        `The data of \`${type}\` is no object: write \`type: object\` and name its fields in \`properties\`.`,
      ),
    );
  }
  const redFlags = isObject(schema["properties"]) ? ownProperty(schema["properties"], "redFlags") : undefined;
  if (isObject(redFlags) && redFlags["type"] !== "array") {
    const message = `\`redFlags\` of \`${type}\` is no list, and the engine reads it: write \`type: array\`, or choose another name.`;
    faults.push(fault(`${pointer}/schema/properties/redFlags`, message));
  }
  return faults;
}

/** Dots lead into objects. */
function fieldProblem(schema: JsonObject, field: string): string | undefined {
  let inner: JsonObject = schema;
  for (const name of field.split(".")) {
    const properties: Record<string, JsonObject> = {};
    for (const { schema: branch } of schemasWithin(inner, "", { deep: false })) {
      if (isObject(branch["properties"])) Object.assign(properties, branch["properties"]);
    }
    const next = ownProperty(properties, name);
    if (!next) return `\`${name}\` is unknown; ${meant(name, Object.keys(properties), "field")}`;
    inner = next;
  }
  return undefined;
}
