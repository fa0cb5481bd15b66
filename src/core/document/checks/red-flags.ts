import type { JsonObject } from "../document.js";
import { meant, type Fault } from "../fault.js";
import { childPointer } from "../pointer.js";
import { makeRedFlags } from "../red-flags.js";
import { isObject, ownProperty, resolveSchema } from "../resolve-schema.js";
import { fault, type Check } from "./problem.js";
import { schemasWithin } from "./schemas.js";

/** What `redFlags` names is declared, so that no slip leaves a red flag unheard. The schemas of all events are sound. */
export const checkRedFlags: Check = ({ document }) => {
  const { redFlags, events } = document;
  if (!redFlags) return [];
  const { event, signs, field } = makeRedFlags(redFlags);
  const pointerOf = (name: keyof typeof redFlags): string =>
    Object.hasOwn(redFlags, name) ? `/redFlags/${name}` : "/redFlags";
  const types = Object.keys(events);
  if (!types.includes(event)) {
    const message = `\`redFlags\` needs the event \`${event}\`, which is not declared: ${meant(event, types, "event")}.`;
    return [fault(pointerOf("event"), message)];
  }
  const faults: Fault[] = [];
  const ofEvent = fieldsOf(resolveSchema(document, event));
  const named = redFlags.event ?? redFlags.signs;
  if (named !== undefined && !ofEvent.includes(signs)) {
    const message = `\`redFlags\` reads \`${signs}\` of \`${event}\`, which has no such field: ${meant(signs, ofEvent, "field")}.`;
    faults.push(fault(pointerOf("signs"), message));
  }
  const ofOthers = types.filter((type) => type !== event).flatMap((type) => fieldsOf(resolveSchema(document, type)));
  if (redFlags.field !== undefined && !ofOthers.includes(field)) {
    const message = `\`redFlags\` reads the field \`${field}\`, which no event but \`${event}\` declares: ${meant(field, [...new Set(ofOthers)], "field")}.`;
    faults.push(fault(pointerOf("field"), message));
  }
  return faults;
};

/** A field that the engine reads red flags from is a list in the schema of an event's data. */
export function redFlagsFaults(schema: JsonObject, name: string, type: string, pointer: string): Fault[] {
  return schemasWithin(schema, `${pointer}/schema`, { deep: false }).flatMap((branch) => {
    const properties = branch.schema["properties"];
    const property = isObject(properties) ? ownProperty(properties, name) : undefined;
    // A branch may add to what the schema itself says of the field.
    const isList = !isObject(property) || property["type"] === "array";
    if (isList || (branch.schema !== schema && property["type"] === undefined)) return [];
    const message = `\`${name}\` of \`${type}\` is no list, and the engine reads it: write \`type: array\`, or choose another name.`;
    return [fault(childPointer(`${branch.pointer}/properties`, name), message)];
  });
}

function fieldsOf(schema: JsonObject): string[] {
  return schemasWithin(schema, "", { deep: false }).flatMap(({ schema: { properties } }) =>
    isObject(properties) ? Object.keys(properties) : [],
  );
}
