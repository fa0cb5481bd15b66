/** The problems that an event or a correction can come back with once its place in time is known. */
import {
  asks,
  formatWhen,
  project,
  type Fact,
  type FactLog,
  type Instant,
  type JsonObject,
  type Pathway,
  type Role,
  type StateConfig,
  type StateValue,
  type When,
} from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Changes } from "../model/answer.js";
import { formatChanges, formatPlace } from "../model/changes.js";
import { foldRecordsOf } from "../model/loaded.js";
import type { Aside } from "../model/records.js";
import { faultAt, invalidData } from "./judge.js";
import { carriesRedFlags } from "./red-flags.js";
import type { Chart, Setting } from "./situation.js";

/** For red flags of a patient who has left. */
export const NOBODY_WATCHES =
  "Nobody watches here any more: have these red flags seen as an emergency at once, outside this pathway, and enrol the patient again if it is to go on.";

export function stale(chart: Chart, ifSeq: number | undefined): Problem | undefined {
  const { seq } = chart.enrolment;
  if (ifSeq === undefined || ifSeq === seq) return undefined;
  return { name: "stale", detail: `The newest record of this enrolment is ${seq}, not ${ifSeq}. Read it again.`, seq };
}

export function exited(chart: Chart, type: string, data: JsonObject): Problem {
  const reason = chart.standing.stored.exit?.reason ?? "";
  const detail = `The patient has left this pathway (${reason}): what comes after the exit is not taken.`;
  if (!carriesRedFlags(type, data)) return { name: "exited", detail, exitReason: reason };
  return { name: "exited", detail: `${detail} ${NOBODY_WATCHES}`, exitReason: reason };
}

/** With an offer: the correction that dates the enrolment back. */
export function beforeEnrolment(chart: Chart, when: When, pointer: string): Problem {
  const seq = chart.effective[0]!.seq;
  const occurredAt = formatWhen(when);
  const detail = `The time lies before the enrolment. Date the enrolment back first: correct its record ${seq} (pathway.enrolled) to ${occurredAt} or earlier, then report this again.`;
  return { name: "before-enrolment", detail, errors: [{ pointer, detail }], offer: { correct: seq, occurredAt } };
}

/** What is accepted there instead, for somebody with these roles. */
export function refusedAt(chart: Chart, type: string, at: Instant, reason: string, roles: readonly Role[]): Problem {
  const projection = project(chart.pathway, chart.calendar, foldRecordsOf(chart.enrolment), at);
  if (projection.status === "notEnrolled") throw new Error("An event before the enrolment came to its place.");
  return eventRefused(chart.pathway, type, reason, projection, roles);
}

export function eventRefused(
  pathway: Pathway,
  type: string,
  reason: string,
  there: { state: StateValue; acceptedEvents: string[] },
  roles: readonly Role[],
): Problem {
  const acceptedEvents = there.acceptedEvents.filter((accepted) =>
    pathway.event(accepted)?.reporters.some((reporter) => roles.includes(reporter)),
  );
  const hints = descriptionsOf(pathway.document.machine, there.state, type);
  const detail = `${pathway.event(type)!.title} (${type}) is not taken at its place in time: ${reason}.`;
  return { name: "event-refused", detail: [detail, ...hints].join(" "), acceptedEvents };
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

/** What the document demands, then what it asks to confirm (fold.md F6). `at`: pointer of the event in the request. */
export function asked(
  setting: Setting,
  fact: Fact,
  log: FactLog,
  at: string,
): { demanded: Problem | undefined; confirm: { pointer: string; detail: string }[] } {
  const { confirm, requires } = asks(setting.pathway, setting.calendar, fact, log.before(fact));
  const errors = requires.map(({ field, text }) => ({ pointer: `${at}/data/${field}`, detail: text }));
  return {
    demanded: errors.length > 0 ? invalidData(errors.map(({ detail }) => detail).join(" "), errors) : undefined,
    confirm: confirm.map((detail) => ({ pointer: `${at}/confirm`, detail })),
  };
}

export function confirmationRequired(confirm: readonly { pointer: string; detail: string }[]): Problem {
  const detail = `${confirm.map((each) => each.detail).join(" ")} Send it again with confirm: true if it is right.`;
  return { name: "confirmation-required", detail, confirm: [...confirm] };
}

/** Consent is asked once; given without a reason it counts for nothing. */
export function consequences(setAside: readonly Aside[], changes: Changes): Problem {
  const names = setAside.map(({ seq, type }) => `${type} (record ${seq})`).join(", ");
  const detail = `What is on record would no longer fit and would be set aside: ${names}. Send it again with acceptConsequences: true and a reason if it is right.`;
  return { name: "consequences", detail, setAside: setAside.map(formatPlace), changes: formatChanges(changes) };
}

export function reasonMissing(): Problem {
  return faultAt("/reason", "Give a reason: it stands in the record beside what is set aside.");
}
