import { makeCalendar, type Calendar } from "../calendar.js";
import type { Json, JsonObject } from "../document/document.js";
import { ENROLLED, SET_ASIDE, type DataFault } from "../document/index.js";
import { effectiveEvents, instantOf } from "../fold/effective.js";
import { project } from "../fold/project.js";
import type { EventRecord, FoldRecord } from "../fold/records.js";
import type { Rung } from "../fold/stored.js";
import type { Pathway } from "../machine/pathway.js";
import { formatInstant, parseDate, parseInstant, parseWhen, type Instant, type When } from "../time.js";
import { noPlaceZone, placeZone } from "../time-zone.js";

/** Input that cannot be read at all: wrong use, as against a line that the pathway refuses. */
export class LineFault extends Error {}

export interface ProjectOptions {
  /** An instant or a bare date (its end); default: the instant of the last event. */
  asOf?: string;
  knownAt?: string;
  /** IANA name; default UTC. */
  timeZone?: string;
  /** Shows the reminders and escalations of tasks, and the reminders of timers, as well. */
  ladders?: boolean;
}

interface EventLine {
  kind: "event";
  index: number;
  type: string;
  occurredAt: When;
  data: JsonObject;
  by: string | null;
  recordedAt: Instant | null;
}

interface CorrectionLine {
  kind: "correction";
  index: number;
  /** Index of the line that is corrected. */
  corrects: number;
  occurredAt?: When;
  data?: JsonObject;
  strikeOut?: boolean;
  recordedAt: Instant | null;
}

type Line = EventLine | CorrectionLine;

interface Refusal {
  line: Line;
  reason: string;
}

const EVENT_FIELDS = ["type", "occurredAt", "data", "by", "recordedAt", "note", "performer", "source"];
const CORRECTION_FIELDS = ["corrects", "occurredAt", "data", "strikeOut", "by", "recordedAt", "reason", "note"];
const byIndex = (a: { index: number }, b: { index: number }): number => a.index - b.index;

const REPORTER = /^(coordinator|clinician|lead|auditor|admin|system)\d*$/;

const told = (rungs: readonly Rung[]): JsonObject[] =>
  rungs.map(({ at, ...rest }) => ({ at: formatInstant(at), ...rest }));

/** Folds a list of reported lines without a clock and without anybody to ask (fold.md F7). Instants come out in UTC. */
export function projectLines(pathway: Pathway, input: readonly unknown[], options: ProjectOptions = {}): JsonObject {
  const lines = inRecordingOrder(input.map(readLine));
  const calendar = calendarIn(options.timeZone ?? "UTC");
  const knownAt = readKnownAt(options.knownAt, lines);
  const known = lines.filter((line) => line.recordedAt === null || line.recordedAt <= knownAt);
  const { records, refused } = judgeLines(pathway, known);
  const places = placesOf(known, records, refused, calendar);
  const asOf = readAsOf(options.asOf, calendar) ?? Math.max(...places.events.values());
  const projection = project(pathway, calendar, records, asOf);
  const indexOf = (seq: number): number => known[seq]!.index;
  const tried = refused
    .filter(({ line }) => places.of(line) <= asOf)
    .map(({ line, reason }) => ({ index: line.index, reason }));
  if (projection.status === "notEnrolled") {
    // Before the enrolment there is a status and nothing else; where nobody was enrolled at all, it must be seen why.
    const isRefused = !isEnrolled(records) && tried.length > 0;
    return { status: "notEnrolled", ...(isRefused && { refused: tried.sort(byIndex) }) };
  }
  const untaken = projection.setAside.map(({ seq, reason }) => {
    const dated = records.findLast(
      (record) => record.kind === "correction" && record.corrects === seq && record.occurredAt !== undefined,
    );
    const because = dated ? `as line ${indexOf(dated.seq)} dates it, ${reason}` : reason;
    return { index: indexOf(seq), reason: `${because[0]!.toUpperCase()}${because.slice(1)}.` };
  });
  // What nothing took when it was recorded was refused, and stands on no record; what fitted then is set aside.
  const isPushedOut = projection.setAside.some(({ seq }) => fitted(pathway, calendar, records, seq));
  return {
    status: projection.status,
    ...(projection.exitReason !== undefined && { exitReason: projection.exitReason }),
    state: projection.state as Json,
    tasks: projection.tasks.map(({ key, title, openedAt, dueAt, reminders, escalations }) => ({
      ...{ key, title, openedAt: formatInstant(openedAt), dueAt: formatInstant(dueAt) },
      ...(options.ladders && { reminders: told(reminders), escalations: told(escalations) }),
    })),
    timers: projection.timers.map(({ name, state, dueAt, status, reminders }) => ({
      ...{ name, state, dueAt: formatInstant(dueAt), status },
      ...(options.ladders && reminders && { reminders: told(reminders) }),
    })),
    flags: projection.flags.filter(({ name }) => name !== SET_ASIDE || isPushedOut).map((flag) => ({ ...flag })),
    derived: projection.derived,
    latest: Object.fromEntries(
      Object.entries(projection.latest).map(([type, { occurredAt, data }]) => [
        type,
        { occurredAt: formatInstant(occurredAt), data },
      ]),
    ),
    refused: [...tried, ...untaken].sort(byIndex),
    trace: projection.trace!.map(({ at, cause, state }) => ({
      at: formatInstant(at),
      cause: cause.kind === "event" ? cause.type : `timer ${cause.state}/${cause.name}`,
      state: state as Json,
    })),
  };
}

/** Whether something took the event from what was recorded until then. */
function fitted(pathway: Pathway, calendar: Calendar, records: readonly FoldRecord[], seq: number): boolean {
  const known = records.filter((record) => record.seq <= seq);
  const { at } = effectiveEvents(known, calendar).find((event) => event.seq === seq)!;
  const then = project(pathway, calendar, known, at);
  return then.status !== "notEnrolled" && then.setAside.every((event) => event.seq !== seq);
}

/** Sorts out what is refused for its type, data or reporter; what is left feeds the fold, `seq` being the order. */
function judgeLines(pathway: Pathway, lines: readonly Line[]): { records: FoldRecord[]; refused: Refusal[] } {
  const records: FoldRecord[] = [];
  const refused: Refusal[] = [];
  const accepted = new Map<number, EventRecord>();
  lines.forEach((line, seq) => {
    const reason =
      line.kind === "event"
        ? refusalOf(pathway, line, isEnrolled(records))
        : correctionRefusal(pathway, line, accepted);
    if (reason !== undefined) {
      refused.push({ line, reason });
      return;
    }
    if (line.kind === "event") {
      const { type, occurredAt, data, by, recordedAt } = line;
      const record: EventRecord = { kind: "event", seq, type, occurredAt, recordedAt, by, data };
      accepted.set(line.index, record);
      records.push(record);
    } else {
      const { index: _, corrects, ...fields } = line;
      records.push({ ...fields, seq, corrects: accepted.get(corrects)!.seq });
    }
  });
  const enrolment = refused.find(({ line }) => line.kind === "event" && line.type === ENROLLED);
  if (enrolment && !isEnrolled(records)) {
    const reason = `Nobody is enrolled: line ${enrolment.line.index} is refused.`;
    for (const line of lines) if (accepted.has(line.index)) refused.push({ line, reason });
  }
  return { records, refused };
}

function isEnrolled(records: readonly FoldRecord[]): boolean {
  return records.some((record) => record.kind === "event" && record.type === ENROLLED);
}

function refusalOf(pathway: Pathway, line: EventLine, enrolled: boolean): string | undefined {
  const declared = pathway.event(line.type);
  if (!declared) return `The pathway has no event "${line.type}".`;
  if (line.type === ENROLLED && enrolled) return "The patient is enrolled already.";
  const [fault] = pathway.validate(line.type, line.data);
  if (fault) return describe(fault);
  if (line.by === null) return undefined;
  const role = REPORTER.exec(line.by)?.[1];
  if (declared.reporters.some((reporter) => reporter === role)) return undefined;
  const reporters = `"${line.type}" is reported by ${declared.reporters.join(", ")}`;
  return role ? `${reporters}.` : `${reporters}; "${line.by}" is none of the roles, with or without digits after it.`;
}

function correctionRefusal(
  pathway: Pathway,
  line: CorrectionLine,
  accepted: Map<number, EventRecord>,
): string | undefined {
  const event = accepted.get(line.corrects);
  if (!event) return `Line ${line.corrects} is no event recorded before this correction.`;
  if (event.type === ENROLLED && line.strikeOut) {
    return 'The enrolment cannot be struck out; report "pathway.exited" with the reason "enrolledInError".';
  }
  const [fault] = line.data ? pathway.validate(event.type, line.data) : [];
  return fault && describe(fault);
}

function describe({ pointer, detail }: DataFault): string {
  return pointer === "" ? detail : `${pointer}: ${detail}`;
}

function readLine(value: unknown, index: number): Line {
  const fail = (what: string): never => {
    throw new LineFault(`Line ${index}: ${what}`);
  };
  if (!isObject(value)) return fail("not a JSON object.");
  const fields = "corrects" in value ? CORRECTION_FIELDS : EVENT_FIELDS;
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (unknown !== undefined) fail(`unknown field "${unknown}"; known are ${fields.join(", ")}.`);
  const { data, by, strikeOut, corrects, type } = value;
  if (data !== undefined && !isObject(data)) fail('"data" is not an object.');
  if (by !== undefined && by !== null && typeof by !== "string") fail('"by" is not a text.');
  const recordedAt = value["recordedAt"] === undefined ? null : parseInstant(String(value["recordedAt"]));
  if (recordedAt === undefined) return fail('"recordedAt" is not an RFC 3339 instant.');
  const occurredAt = value["occurredAt"] === undefined ? undefined : parseWhen(String(value["occurredAt"]));
  if (occurredAt === undefined && value["occurredAt"] !== undefined) {
    return fail('"occurredAt" is neither an RFC 3339 instant with its zone nor a date.');
  }
  if ("corrects" in value) {
    if (!Number.isInteger(corrects)) fail('"corrects" is not the index of a line.');
    if (strikeOut !== undefined && typeof strikeOut !== "boolean") fail('"strikeOut" is neither true nor false.');
    return {
      ...{ kind: "correction", index, corrects: corrects as number, recordedAt },
      ...(occurredAt !== undefined && { occurredAt }),
      ...(data !== undefined && { data: data as JsonObject }),
      ...(strikeOut !== undefined && { strikeOut: strikeOut as boolean }),
    };
  }
  if (typeof type !== "string") return fail('"type" is missing.');
  if (occurredAt === undefined) return fail('"occurredAt" is missing.');
  if (index === 0 && type !== ENROLLED) return fail(`the first line is "${ENROLLED}".`);
  return {
    ...{ kind: "event", index, type, occurredAt, data: (data ?? {}) as JsonObject },
    ...{ by: (by as string | undefined) ?? null, recordedAt },
  };
}

/** As listed; by `recordedAt` where every line has one. */
function inRecordingOrder(lines: Line[]): Line[] {
  if (lines.length === 0) throw new LineFault("There are no lines.");
  if (lines.some((line) => line.recordedAt === null)) return lines;
  return [...lines].sort((a, b) => a.recordedAt! - b.recordedAt!);
}

function readKnownAt(text: string | undefined, lines: readonly Line[]): Instant {
  if (text === undefined) return Infinity;
  const bare = lines.find((line) => line.recordedAt === null);
  if (bare) throw new LineFault(`Line ${bare.index} has no "recordedAt", which --known-at needs on every line.`);
  const instant = parseInstant(text);
  if (instant === undefined) throw new LineFault("--known-at is not an RFC 3339 instant with its zone.");
  return instant;
}

function readAsOf(text: string | undefined, calendar: Calendar): Instant | undefined {
  if (text === undefined) return undefined;
  const date = parseDate(text);
  if (date !== undefined) return calendar.endOfDay(date);
  const instant = parseInstant(text);
  if (instant === undefined) throw new LineFault("--as-of is neither an RFC 3339 instant with its zone nor a date.");
  return instant;
}

interface Places {
  /** By line, those refused as well: a file that is wrong to the end must not look clean. What is struck out has none. */
  events: Map<number, Instant>;
  /** A correction stands where its event does, or where it would put it, whichever is first. */
  of(line: Line): Instant;
}

function placesOf(
  lines: readonly Line[],
  records: readonly FoldRecord[],
  refused: readonly Refusal[],
  calendar: Calendar,
): Places {
  const effective = effectiveEvents(records, calendar);
  const place = (line: EventLine): Instant => instantOf(line, effective[0]?.at, calendar);
  const events = new Map(effective.map(({ seq, at }) => [lines[seq]!.index, at]));
  for (const { line } of refused) if (line.kind === "event") events.set(line.index, place(line));
  const of = (line: Line): Instant => {
    if (line.kind === "event") return events.get(line.index)!;
    const { corrects, occurredAt, recordedAt } = line;
    const event = lines.find(({ index }) => index === corrects);
    const isMoved = event?.kind === "event" && occurredAt !== undefined;
    const moved = isMoved ? place({ ...event, occurredAt, recordedAt }) : Infinity;
    return Math.min(events.get(corrects) ?? -Infinity, moved);
  };
  return { events, of };
}

function calendarIn(name: string): Calendar {
  const timeZone = placeZone(name);
  if (timeZone === undefined) throw new LineFault(noPlaceZone(name));
  return makeCalendar({ timeZone, workingDays: [1, 2, 3, 4, 5], holidays: [] });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
