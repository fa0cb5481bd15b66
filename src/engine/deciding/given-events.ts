/** What is said to have happened before the enrolment was made: each event by itself, and all of them in order. */
import { ENROLLED, effectiveEvents, type EventRecord, type Fact, type When } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Enrol, Reported } from "../model/commands.js";
import type { Candidate } from "./candidate.js";
import { isProblem, statusOf } from "./decided.js";
import { faultAt, judgeData, judgeReporter, judgeType } from "./judge.js";
import { offerRedFlags } from "./red-flags.js";
import { makeCandidate } from "./report.js";
import type { Setting } from "./situation.js";
import { beforeBirth, isBeforeBirth, readTime } from "./times.js";

/** `pathway.enrolled` is the first record of every history, the pin the second: given events follow. */
const FIRST_GIVEN_SEQ = 3;

export interface Dated {
  enrolled: EventRecord;
  /** In the order of the fold. */
  candidates: { candidate: Candidate; index: number }[];
}

/** Judges each event by itself, dates the enrolment, and puts the events in order. */
export function dateEvents(command: Enrol, setting: Setting): Dated | { problem: Problem } {
  const read = readTime(command.occurredAt, setting.now, setting.calendar, "/occurredAt");
  if (isProblem(read)) return read;
  const records: EventRecord[] = [];
  const roles: Candidate["role"][] = [];
  for (const [index, event] of command.events.entries()) {
    const judged = judgeGiven(command, setting, event, `/events/${index}`);
    if (isProblem(judged)) return { problem: named(judged.problem, event, index, setting) };
    const { when, role } = judged;
    const { type } = event;
    roles.push(role);
    records.push({
      kind: "event",
      seq: FIRST_GIVEN_SEQ + index,
      type,
      occurredAt: when,
      recordedAt: setting.now,
      by: null,
      data: {},
    });
  }
  const enrolledWhen = command.occurredAt === undefined ? earliest(records, setting, read.when) : read.when;
  const enrolled = enrolledRecord(command, setting, enrolledWhen);
  const facts = effectiveEvents([enrolled, ...records], setting.calendar);
  const misplaced = judgePlaces(command, setting, facts);
  if (misplaced) return { problem: misplaced };
  const candidates = facts.slice(1).map(({ seq, at }) => {
    const index = seq - FIRST_GIVEN_SEQ;
    const placed = { when: records[index]!.occurredAt, at, reporter: command.actor.person, role: roles[index]! };
    return { candidate: makeCandidate(setting, command.events[index]!, placed), index };
  });
  return { enrolled, candidates };
}

function judgeGiven(
  command: Enrol,
  setting: Setting,
  event: Reported,
  at: string,
): Pick<Candidate, "when" | "role"> | { problem: Problem } {
  const { pathway } = setting;
  const unknown = judgeType(pathway, event.type, at);
  if (unknown) return { problem: unknown };
  const read = readTime(event.occurredAt, setting.now, setting.calendar, `${at}/occurredAt`);
  if (isProblem(read)) return read;
  const faulty = judgeData(pathway, event.type, event.data, at);
  if (faulty) return { problem: faulty };
  const allowed = judgeReporter(setting, event.type, command.actor, event.performer, at);
  if (isProblem(allowed)) return allowed;
  const { source } = event;
  const same =
    source && command.events.find((other) => other.source?.system === source.system && other.source.id === source.id);
  if (same && same !== event) return { problem: faultAt(`${at}/source`, "Two of these events have the same source.") };
  return { when: read.when, role: allowed.role };
}

function enrolledRecord(command: Enrol, setting: Setting, occurredAt: When): EventRecord {
  return {
    kind: "event",
    seq: 1,
    type: ENROLLED,
    occurredAt,
    recordedAt: setting.now,
    by: command.actor.person,
    data: {},
  };
}

/** The time, as typed, of the earliest event; a bare date counts from its first moment. */
function earliest(records: readonly EventRecord[], { calendar }: Setting, now: When): When {
  const start = ({ occurredAt }: EventRecord): number => calendar.resolve(occurredAt, "00:00");
  return (
    records.reduce<EventRecord | undefined>((a, b) => (a && start(a) <= start(b) ? a : b), undefined)?.occurredAt ?? now
  );
}

function judgePlaces(command: Enrol, setting: Setting, facts: readonly Fact[]): Problem | undefined {
  const [enrolled, ...given] = facts;
  const { birthDate } = command.patient;
  const pointerOf = ({ seq }: Fact): string => `/events/${seq - FIRST_GIVEN_SEQ}/occurredAt`;
  const unborn = given.find(({ at }) => isBeforeBirth(at, birthDate, setting.calendar));
  if (unborn) return beforeBirth(pointerOf(unborn));
  if (isBeforeBirth(enrolled!.at, birthDate, setting.calendar)) return beforeBirth("/occurredAt");
  const early = given.find(({ at }) => at < enrolled!.at);
  if (!early) return undefined;
  const detail =
    "The time lies before the enrolment. Leave the enrolment's occurredAt out, and it dates itself to the earliest event.";
  return { name: "before-enrolment", detail, errors: [{ pointer: pointerOf(early), detail }] };
}

/** Says which of the events it is about. */
export function named(found: Problem, { type, data }: Reported, index: number, { pathway }: Setting): Problem {
  const offered = [403, 422].includes(statusOf(found.name)) ? offerRedFlags(found, pathway, type, data) : found;
  return { ...offered, detail: `Event ${index}: ${offered.detail}`, event: index };
}
