import type { JsonObject, PathwayDocument } from "../document.js";
import { meant, type Fault } from "../fault.js";
import { isReserved } from "../lifecycle.js";
import { childPointer } from "../pointer.js";
import { makeRedFlags } from "../red-flags.js";
import { isObject, ownProperty, resolveSchema } from "../resolve-schema.js";
import { fault, type Check, type Subject } from "./problem.js";
import { checkRedFlags, redFlagsFaults } from "./red-flags.js";
import { keywordFaults, placeFaults, schemasWithin } from "./schemas.js";

/** Events are not the engine's, their data has a sound schema, and what they require is in it. */
export const checkEvents: Check = (subject) => {
  const shared = checkDefinitions(subject);
  const types = Object.keys(subject.document.events);
  const faults = [...shared, ...types.flatMap((type) => checkEvent(subject, type, shared))];
  return faults.length > 0 ? faults : checkRedFlags(subject);
};

const checkDefinitions: Check = ({ document: { definitions = {} } }) =>
  Object.entries(definitions).flatMap(([name, schema]) => {
    const place = { definitions, pointer: childPointer("/definitions", name), what: `The definition \`${name}\`` };
    const faults = placeFaults(schema, place, name);
    return faults.length > 0 ? faults : keywordFaults(schema, place);
  });

/** `shared`: faults of definitions. They are told once, there, and hide what follows from them. */
function checkEvent({ document }: Subject, type: string, shared: readonly Fault[]): Fault[] {
  const pointer = childPointer("/events", type);
  if (isReserved(type)) {
    const mend = `choose a name that does not begin with \`${type.split(".")[0]!}.\``;
    return [fault(pointer, `The event \`${type}\` is the engine's own: leave it out, or ${mend}.`)];
  }
  const { schema = {}, requires = [] } = document.events[type]!;
  const place = {
    ...{ definitions: document.definitions ?? {}, pointer: `${pointer}/schema` },
    what: `The schema of \`${type}\``,
  };
  const faults = placeFaults(schema, place);
  if (faults.length > 0 || shared.length > 0) return faults;
  const unsound = keywordFaults(schema, place);
  if (unsound.length > 0) return unsound;
  const resolved = resolveSchema(document, type);
  return [
    ...checkData(document, resolved, type, pointer),
    ...requires.flatMap(({ field }, index) => {
      const problem = fieldProblem(resolved, field);
      const message = `What \`${type}\` requires is no field of its data: ${problem}.`;
      return problem === undefined ? [] : [fault(`${pointer}/requires/${index}/field`, message)];
    }),
  ];
}

function checkData(document: PathwayDocument, schema: JsonObject, type: string, pointer: string): Fault[] {
  const faults: Fault[] = [];
  if (schema["type"] !== "object") {
    faults.push(
      fault(
        `${pointer}/schema`,
        `The data of \`${type}\` is no object: write \`type: object\` and name its fields in \`properties\`.`,
      ),
    );
  }
  const { event, signs, field } = makeRedFlags(document.redFlags);
  return [...faults, ...redFlagsFaults(schema, type === event ? signs : field, type, pointer)];
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
