/**
 * The name of a field is typed as well, and may say anything of anybody. The answer may repeat it, what is stored for
 * ever may not: a stored fault points no deeper than the pathway has names for. The same request comes with every
 * replay, so its faults are told in full again.
 */
import {
  canonicalJson,
  LIFECYCLE_EVENTS,
  resolveSchema,
  type Json,
  type JsonObject,
  type Pathway,
} from "../../core/index.js";
import type { Keyed, Reported } from "../model/commands.js";
import { entryOf, type LoadedEnrolment } from "../model/loaded.js";
import type { Fault, Refusal } from "../model/refusals.js";
import { judgeData } from "./judge.js";

/** What of a refusal may be stored in the clear. */
export function clearRefusal(refusal: Refusal, pathway: Pathway | null): Refusal {
  if (!pathway || refusal.name !== "invalid-data") return refusal;
  return { ...refusal, errors: refusal.errors.map((fault) => clearFault(fault, declaredNames(pathway))) };
}

/** The stored refusal as it was told at first: each fault that was stored less deep is found among those that data has now. */
export function retell(
  stored: Refusal,
  command: Keyed,
  pathway: Pathway,
  enrolment: Pick<LoadedEnrolment, "entries"> | null,
): Refusal {
  if (stored.name !== "invalid-data") return stored;
  const names = declaredNames(pathway);
  const again = attempted(command, enrolment)
    .filter(({ type }) => pathway.event(type))
    .flatMap(({ type, data, at }) => judgeData(pathway, type, data, at)?.errors ?? [])
    .map((told) => ({ told, cleared: canonicalJson(clearFault(told, names)) }));
  const errors = stored.errors.map((fault) => {
    const cleared = canonicalJson(fault);
    // A version published since then may judge otherwise: what was told holds.
    const index = again.findIndex((one) => one.cleared === cleared);
    return index === -1 ? fault : again.splice(index, 1)[0]!.told;
  });
  return { ...stored, errors };
}

/** The data that a refusal may be about. */
function attempted(
  command: Keyed,
  enrolment: Pick<LoadedEnrolment, "entries"> | null,
): (Pick<Reported, "type" | "data"> & { at: string })[] {
  if (command.kind === "report") return [{ ...command.event, at: "" }];
  if (command.kind === "enrol") return command.events.map((event, index) => ({ ...event, at: `/events/${index}` }));
  if (command.kind !== "correct" || !command.data) return [];
  const target = enrolment && entryOf(enrolment, command.corrects)?.record;
  return target?.kind === "event" ? [{ type: target.type, data: command.data, at: "" }] : [];
}

const DATA = /^((?:\/events\/\d+)?\/data)\/(.*)$/s;
/** Few enough digits to tell nobody's number. */
const INDEX = /^\d{1,3}$/;

function clearFault(fault: Fault, names: ReadonlySet<string>): Fault {
  const [, data, within] = DATA.exec(fault.pointer) ?? [];
  if (data === undefined || within === undefined) return fault;
  const keys = within.split("/");
  const end = keys.findIndex((key) => !INDEX.test(key) && !names.has(key.replaceAll("~1", "/").replaceAll("~0", "~")));
  return end === -1 ? fault : { pointer: [data, ...keys.slice(0, end)].join("/"), code: "undeclared" };
}

const namesOf = new WeakMap<Pathway, ReadonlySet<string>>();

/** Names of all fields that the events of a pathway, and the engine's own, may have. */
function declaredNames(pathway: Pathway): ReadonlySet<string> {
  let names = namesOf.get(pathway);
  if (!names) {
    const types = [...Object.keys(LIFECYCLE_EVENTS), ...Object.keys(pathway.document.events)];
    names = new Set(types.flatMap((type) => propertyNames(resolveSchema(pathway.document, type))));
    namesOf.set(pathway, names);
  }
  return names;
}

function propertyNames(schema: Json): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties } = schema as JsonObject;
  const own = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(propertyNames)];
}
