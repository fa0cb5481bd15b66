/** The people of a demonstration as their file tells of them: who they are, and what happened how long ago. */
import { Temporal } from "temporal-polyfill";
import { parse } from "yaml";
import { type JsonObject, parseDuration } from "../core/index.js";
import type { PatientInput } from "../engine/index.js";
import { StartError } from "../platform/start-error.js";

export interface Demonstration {
  pathway: string;
  version: string;
  patients: ToldPatient[];
}

export interface ToldPatient {
  /** Tells this person from all others, in every installation and for ever. */
  id: string;
  person: Pick<PatientInput, "givenName" | "familyName" | "birthDate">;
  enrolled: ToldTime;
  history: ToldEvent[];
}

/** So long before the demonstration is loaded; with `at`, at that time of the site's day. */
export interface ToldTime {
  ago: Temporal.Duration;
  at?: Temporal.PlainTime;
}

export interface ToldEvent extends ToldTime {
  type: string;
  /** A user of the demonstration sign-in. */
  by: string;
  data: JsonObject;
  note?: string;
}

type Written<Told> = { [Field in keyof Told]?: unknown };
type WrittenDemonstration = Omit<Demonstration, "patients"> & { patients: Written<ToldPatient>[] };

/** Refuses what would be misread. Whether the events fit the pathway is for the engine to judge. */
export function readDemonstration(text: string, file: string): Demonstration {
  const { pathway, version, patients } = parse(text) as WrittenDemonstration;
  const faults: string[] = [];
  const ids = new Set<unknown>();
  const told = patients.map((written, index) => {
    const fault = (what: string): void => void faults.push(`${file}, patient ${String(written.id ?? index)}: ${what}.`);
    if (typeof written.id !== "string" || ids.has(written.id)) fault("its `id` must be a text that no other one has");
    ids.add(written.id);
    return readPatient(written, fault);
  });
  if (faults.length > 0) throw new StartError(faults.join("\n"));
  return { pathway, version, patients: told };
}

function readPatient(written: Written<ToldPatient>, fault: (what: string) => void): ToldPatient {
  const history = (written.history ?? []) as Written<ToldEvent>[];
  return {
    ...(written as Pick<ToldPatient, "id" | "person">),
    enrolled: readTime((written.enrolled ?? {}) as Written<ToldTime>, "`enrolled`", fault),
    history: history.map((event, index) => {
      const { type, by, data = {}, note } = event as Pick<ToldEvent, "type" | "by" | "note"> & { data?: JsonObject };
      const name = `event ${index + 1} of the history (${type})`;
      if (typeof by !== "string") fault(`${name} must say who reports it (\`by\`)`);
      return { ...readTime(event, name, fault), type, by, data, ...(note !== undefined && { note }) };
    }),
  };
}

function readTime({ ago, at }: Written<ToldTime>, name: string, fault: (what: string) => void): ToldTime {
  const duration = parseDuration(String(ago));
  if (!duration || duration.sign < 0) fault(`${name} must say how long \`ago\` it was, as P3W or PT6H does`);
  if (at === undefined) return { ago: duration ?? new Temporal.Duration() };
  // Today at a time of day may lie ahead.
  const daysAgo = /^P(?=.*[1-9])[^T]+$/.test(String(ago));
  const time =
    /^([01]\d|2[0-3]):[0-5]\d$/.test(String(at)) && daysAgo ? Temporal.PlainTime.from(String(at)) : undefined;
  if (!time) fault(`${name} may have a time of day (\`at\`, such as "10:30") only where it is whole days ago`);
  return { ago: duration ?? new Temporal.Duration(), at: time };
}
