import { type JsonObject, type Pathway, resolveSchema, type Role } from "../core/index.js";
import { jsonList, JsonText } from "../http/index.js";

/** One type of event that may be reported now. */
export interface AcceptedEvent {
  type: string;
  title: string;
  /** Of its data; complete in itself. */
  schema: JsonObject;
}

interface Described {
  event: AcceptedEvent;
  json: JsonText<AcceptedEvent>;
}

/** A pathway is compiled once per process, and its schemas never change: nor is their JSON written twice. */
const described = new WeakMap<Pathway, Map<string, Described>>();

/** The types with title and schema, without those reserved for other roles. */
export function acceptedEvents(
  types: readonly string[],
  pathway: Pathway,
  roles: readonly Role[],
): JsonText<AcceptedEvent[]> {
  const open = types.filter((type) => pathway.event(type)?.reporters.some((reporter) => roles.includes(reporter)));
  return jsonList(open.map((type) => describe(pathway, type).json));
}

/** With title and schema, a type that the pathway declares. */
export function describeEvent(pathway: Pathway, type: string): AcceptedEvent {
  return describe(pathway, type).event;
}

function describe(pathway: Pathway, type: string): Described {
  let events = described.get(pathway);
  if (!events) described.set(pathway, (events = new Map()));
  let known = events.get(type);
  if (!known) {
    const event = { type, title: pathway.event(type)!.title, schema: resolveSchema(pathway.document, type) };
    events.set(type, (known = { event, json: new JsonText(JSON.stringify(event)) }));
  }
  return known;
}
