import { ENROLLED, type JsonObject, LIFECYCLE_EVENTS, type PathwayDocument, resolveSchema } from "../core/index.js";
import { ReportEvent } from "../enrolments/index.js";

/**
 * The components of one published version: one per event type, and the choice among them by `type`. Together they
 * describe the body of a report; `data` names the components of the data alone.
 */
export function eventSchemas(document: PathwayDocument): {
  name: string;
  data: string[];
  schemas: Record<string, JsonObject>;
} {
  const name = `${document.id}-${document.version}`;
  const data: string[] = [];
  const schemas: Record<string, JsonObject> = {};
  const mapping: Record<string, string> = {};
  for (const [type, { title }] of Object.entries({ ...LIFECYCLE_EVENTS, ...document.events })) {
    const dataName = `data.${name}.${type}`;
    const schema = resolveSchema(document, type);
    schemas[dataName] = schema;
    data.push(dataName);
    // Written by enrolling: corrected like any other, never reported.
    if (type === ENROLLED) continue;
    schemas[`${name}.${type}`] = reportOf(type, title, dataName, schema);
    mapping[type] = reference(`${name}.${type}`);
  }
  schemas[name] = {
    title: `${document.title}, version ${document.version}`,
    oneOf: Object.values(mapping).map(($ref) => ({ $ref })),
    discriminator: { propertyName: "type", mapping },
  };
  return { name, data, schemas };
}

export function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

/** The envelope of every report, with the type and the data of this one. */
function reportOf(type: string, title: string, dataName: string, { required }: JsonObject): JsonObject {
  const { properties } = ReportEvent as unknown as { properties: JsonObject };
  const isDataDemanded = Array.isArray(required) && required.length > 0;
  return {
    title,
    type: "object",
    properties: { ...properties, type: { type: "string", const: type }, data: { $ref: reference(dataName) } },
    required: isDataDemanded ? ["type", "data"] : ["type"],
    additionalProperties: false,
  };
}
