/** What an event or a correction can come back with once its place in time is known. */
import {
  asks,
  project,
  view,
  type Fact,
  type FactLog,
  type Instant,
  type Pathway,
  type Role,
  type Rule,
  type StateConfig,
  type StateValue,
  type When,
} from "../../core/index.js";
import { foldRecordsOf } from "../model/loaded.js";
import type { Question, Refusal } from "../model/refusals.js";
import type { Chart } from "./chart.js";
import { standingBehind } from "./place.js";
import type { Setting } from "../model/rules.js";
import { isFarBack } from "./times.js";

export function stale({ enrolment: { seq } }: Chart, ifSeq: number | undefined): Refusal | undefined {
  return ifSeq === undefined || ifSeq === seq ? undefined : { name: "stale", seq, ifSeq };
}

/** It could be taken once the enrolment is dated back. */
export function beforeEnrolment(chart: Chart, occurredAt: When, pointer: string): Refusal {
  const enrolled = chart.effective[0]!.seq;
  return { name: "before-enrolment", errors: [{ pointer, code: "before-enrolment", enrolled, occurredAt }] };
}

/** Nothing takes it there; what is accepted there instead, for somebody with these roles. */
export function refusedAt(chart: Chart, type: string, at: Instant, reason: string, roles: readonly Role[]): Refusal {
  const { pathway, calendar, enrolment } = chart;
  const standing = standingBehind(chart, at);
  const projection = standing
    ? view(pathway, calendar, standing)
    : project(pathway, calendar, foldRecordsOf(enrolment), at);
  if (projection.status === "notEnrolled") throw new Error("An event before the enrolment came to its place.");
  return eventRefused(pathway, type, reason, projection, roles);
}

export function eventRefused(
  pathway: Pathway,
  type: string,
  reason: string,
  there: { state: StateValue; acceptedEvents: string[] },
  roles: readonly Role[],
): Extract<Refusal, { why: "notTaken" }> {
  return {
    ...{ name: "event-refused", why: "notTaken", type, title: pathway.event(type)!.title, reason },
    hints: descriptionsOf(pathway.document.machine, there.state, type),
    ...acceptedInstead(pathway, there.acceptedEvents, roles),
  };
}

/** The types that somebody with these roles may report, and by which version. */
export function acceptedInstead(
  pathway: Pathway,
  types: readonly string[],
  roles: readonly Role[],
): Pick<Extract<Refusal, { name: "event-refused" }>, "pathway" | "acceptedEvents"> {
  const { id, version } = pathway;
  const isTheirs = (type: string): boolean =>
    pathway.event(type)?.reporters.some((reporter) => roles.includes(reporter)) === true;
  return { pathway: { id, version }, acceptedEvents: types.filter(isTheirs) };
}

/** What the document says about the ways that an active state keeps for this event, whose guards did not hold. */
function descriptionsOf(config: StateConfig, value: StateValue | undefined, type: string): string[] {
  const declared = config.on?.[type] ?? [];
  const own = (Array.isArray(declared) ? declared : [declared]).flatMap((way) =>
    typeof way === "object" && way.description ? [way.description.trim()] : [],
  );
  const below = Object.entries(config.states ?? {}).flatMap(([key, state]) => {
    const active = typeof value === "string" ? value === key : value !== undefined && Object.hasOwn(value, key);
    return active ? descriptionsOf(state, typeof value === "object" ? value[key] : undefined, type) : [];
  });
  return [...new Set([...own, ...below])];
}

/** What is to be asked about an event: its data where that is new, and its time where that is. */
export interface InQuestion {
  type: string;
  data?: { fact: Fact; log: FactLog };
  occurredAt?: When;
  /** It is confirmed, or is of what is never asked back: nothing is left to ask. */
  isSettled: boolean;
}

/** What is demanded of an event, whatever was confirmed, and what is asked about it. `at`: its pointer in the request. */
export function questions(
  setting: Setting,
  farBack: Rule,
  { type, data, occurredAt, isSettled }: InQuestion,
  at: string,
): { demanded: Refusal | undefined; confirm: Question[] } {
  const { demanded, confirm } = data ? asked(setting, data.fact, data.log, at) : NOTHING_ASKED;
  if (isSettled) return { demanded, confirm: [] };
  const ofTime = occurredAt === undefined ? [] : askedOfTime(setting, farBack, { type, occurredAt }, at);
  return { demanded, confirm: [...confirm, ...ofTime] };
}

const NOTHING_ASKED = { demanded: undefined, confirm: [] };

/** What the document demands, then what it asks to confirm (fold.md F6). */
function asked(
  setting: Setting,
  fact: Fact,
  log: FactLog,
  at: string,
): { demanded: Refusal | undefined; confirm: Question[] } {
  const { confirm, requires } = asks(setting.pathway, setting.calendar, fact, log.before(fact));
  const errors = requires.map(({ field, text }) => {
    return { pointer: `${at}/data/${field}`, code: "required" as const, detail: text };
  });
  return {
    demanded: errors.length > 0 ? { name: "invalid-data", errors } : undefined,
    confirm: confirm.map((detail) => ({ pointer: `${at}/confirm`, detail })),
  };
}

/** Whether the time of an event is right, where it lies so far back that the year may be mistyped. */
export function askedOfTime(
  { pathway, calendar, now }: Setting,
  farBack: Rule,
  { type, occurredAt }: { type: string; occurredAt: When },
  at: string,
): Question[] {
  if (!isFarBack(occurredAt, now, calendar, farBack)) return [];
  const { title } = pathway.event(type)!;
  return [{ pointer: `${at}/confirm`, code: "far-back", title, occurredAt, today: calendar.dateOf(now) }];
}
