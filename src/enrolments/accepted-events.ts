import { type JsonObject, type Pathway, resolveSchema, type Role } from "../core/index.js";

/** One type of event that may be reported now. */
export interface AcceptedEvent {
  type: string;
  title: string;
  /** Of its data; complete in itself. */
  schema: JsonObject;
}

/** A pathway is compiled once per process, and its schemas never change. */
const described = new WeakMap<Pathway, Map<string, AcceptedEvent>>();

/** The types with title and schema, without those reserved for other roles. */
export function acceptedEvents(types: readonly string[], pathway: Pathway, roles: readonly Role[]): AcceptedEvent[] {
  return types
    .filter((type) => pathway.event(type)?.reporters.some((reporter) => roles.includes(reporter)))
    .map((type) => describeEvent(pathway, type));
}

/** With title and schema, a type that the pathway declares. */
export function describeEvent(pathway: Pathway, type: string): AcceptedEvent {
  let events = described.get(pathway);
  if (!events) described.set(pathway, (events = new Map()));
  let event = events.get(type);
  if (!event) {
    event = { type, title: pathway.event(type)!.title, schema: resolveSchema(pathway.document, type) };
    events.set(type, event);
  }
  return event;
}
