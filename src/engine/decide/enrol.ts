/**
 * An enrolment comes into being whole or not at all: its pin, the enrolment itself, what happened already in order of
 * `occurredAt`, and everything that follows from it until now.
 */
import {
  ENROLLED,
  effectiveEvents,
  refold,
  view,
  type EventRecord,
  type Fact,
  type Standing,
  type When,
} from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Enrol, Reported } from "../commands.js";
import { snapshotAfter } from "./answers.js";
import { unreadableBirth } from "./amend-patient.js";
import type { Candidate } from "./candidate.js";
import { isProblem, problem, roleOf, statusOf, type Decided } from "./decided.js";
import { follow } from "./effects.js";
import { faultAt, judgeData, judgeReporter, judgeType } from "./judge.js";
import { Ledger, type Identity } from "./ledger.js";
import * as objections from "./objections.js";
import { passTime, takeInOrder } from "./place.js";
import { isNeverAskedBack, offerRedFlags } from "./red-flags.js";
import { choosePatient } from "./choose-patient.js";
import { makeCandidate } from "./report.js";
import type { Ground, Situation } from "./situation.js";
import { beforeBirth, earliestBirth, isBeforeBirth, readTime } from "./times.js";

/** `pathway.enrolled` is the first record of every history, the pin the second: given events follow. */
const FIRST_GIVEN_SEQ = 3;

export function decideEnrol(command: Enrol, situation: Situation): Decided {
  const ground = groundOf(command, situation);
  if (isProblem(ground)) return problem(ground.problem);
  const chosen = choosePatient(command, situation);
  if (isProblem(chosen)) return problem(chosen.problem);
  const dated = dateEvents(command, ground);
  if (isProblem(dated)) return problem(dated.problem);
  const row = rowOf(command, situation, chosen.patientId, ground);
  const ledger = new Ledger(
    { row, isNew: true, seq: 0, tasks: [], timers: [], firings: [] },
    ground.pathway,
    ground.now,
    "event",
  );
  const begun = begin(ledger, command, ground, dated.enrolled);
  const standing = recordAll(ledger, command, ground, begun, dated.candidates);
  if (isProblem(standing)) return problem(standing.problem);
  if (chosen.amended) {
    const { actor } = command;
    const fields = { data: { fields: ["identifiers"] }, personal: { "/changes": { identifiers: chosen.amended } } };
    ledger.append({ kind: "patient", type: "patient.amended", by: actor.person, role: roleOf(actor), ...fields });
  }
  ledger.patient = chosen.change;
  const snapshot = snapshotAfter(ground, ledger, standing, null, row);
  return { answer: { kind: "enrolled", snapshot }, made: { ledger, stored: standing.stored, recordSeq: 1 } };
}

function groundOf(command: Enrol, { pathway, calendar, now, rolesOf }: Situation): Ground | { problem: Problem } {
  if (!pathway) {
    const pointer = command.version === undefined ? "/pathway" : "/version";
    return { problem: faultAt(pointer, "No such pathway or version is published.") };
  }
  if (!calendar) return { problem: faultAt("/site", "There is no such site.") };
  const ground = { pathway, calendar, now, rolesOf };
  const allowed = judgeReporter(ground, ENROLLED, command.actor, undefined, "");
  if (isProblem(allowed)) return allowed;
  const birth = earliestBirth(command.patient.birthDate);
  if (!birth) return { problem: unreadableBirth("/patient") };
  if (birth > calendar.dateOf(now))
    return { problem: faultAt("/patient/birthDate", "The birth date lies in the future.") };
  return ground;
}

interface Dated {
  enrolled: EventRecord;
  /** In the order of the fold. */
  candidates: { candidate: Candidate; index: number }[];
}

/** Judges each event by itself, dates the enrolment, and puts the events in order. */
function dateEvents(command: Enrol, ground: Ground): Dated | { problem: Problem } {
  const read = readTime(command.occurredAt, ground.now, ground.calendar, "/occurredAt");
  if (isProblem(read)) return read;
  const records: EventRecord[] = [];
  for (const [index, event] of command.events.entries()) {
    const found = judgeGiven(command, ground, event, `/events/${index}`);
    if (found) return { problem: named(found, event, index, ground) };
    const when = (readTime(event.occurredAt, ground.now, ground.calendar, "") as { when: When }).when;
    const { type } = event;
    records.push({
      kind: "event",
      seq: FIRST_GIVEN_SEQ + index,
      type,
      occurredAt: when,
      recordedAt: ground.now,
      by: null,
      data: {},
    });
  }
  const enrolledWhen = command.occurredAt === undefined ? earliest(records, ground, read.when) : read.when;
  const enrolled = enrolledRecord(command, ground, enrolledWhen);
  const facts = effectiveEvents([enrolled, ...records], ground.calendar);
  const misplaced = judgePlaces(command, ground, facts);
  if (misplaced) return { problem: misplaced };
  const candidates = facts.slice(1).map(({ seq, at }) => {
    const index = seq - FIRST_GIVEN_SEQ;
    const event = command.events[index]!;
    const allowed = judgeReporter(ground, event.type, command.actor, event.performer, "") as {
      role: Candidate["role"];
    };
    const placed = { when: records[index]!.occurredAt, at, reporter: command.actor.person, role: allowed.role };
    return { candidate: makeCandidate(ground, event, placed), index };
  });
  return { enrolled, candidates };
}

function judgeGiven(command: Enrol, ground: Ground, event: Reported, at: string): Problem | undefined {
  const { pathway } = ground;
  const unknown = judgeType(pathway, event.type, at);
  if (unknown) return unknown;
  const read = readTime(event.occurredAt, ground.now, ground.calendar, `${at}/occurredAt`);
  if (isProblem(read)) return read.problem;
  const faulty = judgeData(pathway, event.type, event.data, at);
  if (faulty) return faulty;
  const allowed = judgeReporter(ground, event.type, command.actor, event.performer, at);
  if (isProblem(allowed)) return allowed.problem;
  const { source } = event;
  const same =
    source && command.events.find((other) => other.source?.system === source.system && other.source.id === source.id);
  return same && same !== event ? faultAt(`${at}/source`, "Two of these events have the same source.") : undefined;
}

function enrolledRecord(command: Enrol, ground: Ground, occurredAt: When): EventRecord {
  return {
    kind: "event",
    seq: 1,
    type: ENROLLED,
    occurredAt,
    recordedAt: ground.now,
    by: command.actor.person,
    data: {},
  };
}

/** The time, as typed, of the earliest event; a bare date counts from its first moment. */
function earliest(records: readonly EventRecord[], { calendar }: Ground, now: When): When {
  const start = ({ occurredAt }: EventRecord): number => calendar.resolve(occurredAt, "00:00");
  return (
    records.reduce<EventRecord | undefined>((a, b) => (a && start(a) <= start(b) ? a : b), undefined)?.occurredAt ?? now
  );
}

function judgePlaces(command: Enrol, ground: Ground, facts: readonly Fact[]): Problem | undefined {
  const [enrolled, ...given] = facts;
  const { birthDate } = command.patient;
  const pointerOf = ({ seq }: Fact): string => `/events/${seq - FIRST_GIVEN_SEQ}/occurredAt`;
  const unborn = given.find(({ at }) => isBeforeBirth(at, birthDate, ground.calendar));
  if (unborn) return beforeBirth(pointerOf(unborn));
  if (isBeforeBirth(enrolled!.at, birthDate, ground.calendar)) return beforeBirth("/occurredAt");
  const early = given.find(({ at }) => at < enrolled!.at);
  if (!early) return undefined;
  const detail =
    "The time lies before the enrolment. Leave the enrolment's occurredAt out, and it dates itself to the earliest event.";
  return { name: "before-enrolment", detail, errors: [{ pointer: pointerOf(early), detail }] };
}

/** Says which of the events it is about. */
function named(found: Problem, { type, data }: Reported, index: number, { pathway }: Ground): Problem {
  const offered = [403, 422].includes(statusOf(found.name)) ? offerRedFlags(found, pathway, type, data) : found;
  return { ...offered, detail: `Event ${index}: ${offered.detail}`, event: index };
}

function rowOf(command: Enrol, { ids, loaded }: Situation, patientId: string, { pathway }: Ground): Identity {
  return {
    ...{ id: ids.enrolment, patientId, siteId: command.site, calendarVersion: loaded.calendar!.version },
    pathway: { id: pathway.id, version: pathway.version, hash: pathway.hash },
  };
}

/** The enrolment, what it opens at once, and which versions rule it. */
function begin(ledger: Ledger, command: Enrol, ground: Ground, enrolled: EventRecord): Standing {
  const { pathway, calendar } = ground;
  const { at } = effectiveEvents([enrolled], calendar)[0]!;
  const step = refold(pathway, calendar, [enrolled], at, ledger.known(), 1);
  const { actor } = command;
  const role = roleOf(actor, pathway.event(ENROLLED)!.reporters);
  const by = { by: actor.person, role };
  const { occurredAt, data } = enrolled;
  ledger.append({
    kind: "event",
    type: ENROLLED,
    occurredAt,
    ...by,
    data,
    stateAfter: step.stored.value,
    detail: { takenBy: [] },
  });
  const { row } = ledger;
  const pin = { pathway: { ...row.pathway }, calendar: { site: row.siteId, version: row.calendarVersion } };
  ledger.append({ kind: "pin", type: "enrolment.pinned", detail: pin });
  follow(ledger, pathway, step.effects, null);
  return step;
}

/** Tries the events one after the other, as if each had been reported in time; then time passes until now. */
function recordAll(
  ledger: Ledger,
  command: Enrol,
  ground: Ground,
  begun: Standing,
  candidates: Dated["candidates"],
): Standing | { problem: Problem } {
  let standing = begun;
  const confirm: { pointer: string; detail: string }[] = [];
  for (const { candidate, index } of candidates) {
    const event = command.events[index]!;
    const taken = takeInOrder(ledger, ground, standing, candidate);
    if (taken.outcome.kind === "refused") {
      return {
        problem: named(
          refusedThere(ground, candidate, taken.outcome.reason, taken.before, command),
          event,
          index,
          ground,
        ),
      };
    }
    const asked = objections.asked(ground, taken.fact, taken.after.facts, `/events/${index}`);
    if (asked.demanded) return { problem: named(asked.demanded, event, index, ground) };
    if (!event.confirm && !isNeverAskedBack(ground.pathway, event.type, event.data)) confirm.push(...asked.confirm);
    standing = taken.after;
  }
  if (confirm.length > 0) return { problem: objections.confirmationRequired(confirm) };
  return passTime(ledger, ground, standing, ground.now);
}

function refusedThere(
  ground: Ground,
  { type }: Candidate,
  reason: string,
  before: Standing,
  { actor }: Enrol,
): Problem {
  const there = view(ground.pathway, ground.calendar, before, []);
  return objections.eventRefused(ground.pathway, type, reason, there, actor.roles);
}
