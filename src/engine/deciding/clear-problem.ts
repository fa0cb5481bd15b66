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
import type { Problem } from "../../platform/problems.js";
import type { Keyed, Reported } from "../model/commands.js";
import { entryOf, type LoadedEnrolment } from "../model/loaded.js";
import { judgeData } from "./judge.js";

interface FieldFault {
  pointer: string;
  detail: string;
}

/** What of a problem may be stored in the clear. */
export function clearProblem(problem: Problem, pathway: Pathway | null): Problem {
  if (!pathway || !Array.isArray(problem["errors"])) return problem;
  const faults = problem["errors"] as FieldFault[];
  return { ...problem, errors: faults.map((fault) => clearFault(fault, declaredNames(pathway))) };
}

/** The stored problem as it was told at first. */
export function retell(
  stored: Problem,
  command: Keyed,
  pathway: Pathway,
  enrolment: Pick<LoadedEnrolment, "entries"> | null,
): Problem {
  const tried = attempted(stored, command, enrolment);
  const again = tried && pathway.event(tried.type) && judgeData(pathway, tried.type, tried.data, tried.at);
  if (!again) return stored;
  // A version published since then may judge otherwise: what was told holds.
  const isSame = canonicalJson(clearProblem(again, pathway)["errors"]) === canonicalJson(stored["errors"]);
  return isSame ? { ...stored, errors: again["errors"] } : stored;
}

/** The data that a problem is about. */
function attempted(
  stored: Problem,
  command: Keyed,
  enrolment: Pick<LoadedEnrolment, "entries"> | null,
): (Pick<Reported, "type" | "data"> & { at: string }) | undefined {
  if (stored.name !== "invalid-data") return undefined;
  if (command.kind === "report") return { ...command.event, at: "" };
  if (command.kind === "enrol") {
    const index = Number(stored["event"]);
    const event = command.events[index];
    return event && { ...event, at: `/events/${index}` };
  }
  if (command.kind !== "correct" || !command.data) return undefined;
  const target = enrolment && entryOf(enrolment, command.corrects)?.record;
  return target?.kind === "event" ? { type: target.type, data: command.data, at: "" } : undefined;
}

const DATA = /^((?:\/events\/\d+)?\/data)\/(.*)$/s;
/** Few enough digits to tell nobody's number. */
const INDEX = /^\d{1,3}$/;
const CUT = "A field here that the pathway has no name for is not allowed, or does not fit.";

function clearFault(fault: FieldFault, names: ReadonlySet<string>): FieldFault {
  const [, data, within] = DATA.exec(fault.pointer) ?? [];
  if (data === undefined || within === undefined) return fault;
  const keys = within.split("/");
  const end = keys.findIndex((key) => !INDEX.test(key) && !names.has(key.replaceAll("~1", "/").replaceAll("~0", "~")));
  return end === -1 ? fault : { pointer: [data, ...keys.slice(0, end)].join("/"), detail: CUT };
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
