/** What is said to have happened before the enrolment was made: each event by itself, and all of them in order. */
import { ENROLLED, effectiveEvents, type EventRecord, type Fact, type When } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Enrol, Reported } from "../model/commands.js";
import type { Candidate } from "./candidate.js";
import { isProblem, statusOf } from "./decided.js";
import { faultAt, judgeData, judgeReporter, judgeType } from "./judge.js";
import { offerRedFlags } from "./red-flags.js";
import { makeCandidate } from "./report.js";
import type { Ground } from "./situation.js";
import { beforeBirth, isBeforeBirth, readTime } from "./times.js";

/** `pathway.enrolled` is the first record of every history, the pin the second: given events follow. */
const FIRST_GIVEN_SEQ = 3;

export interface Dated {
  enrolled: EventRecord;
  /** In the order of the fold. */
  candidates: { candidate: Candidate; index: number }[];
}

/** Judges each event by itself, dates the enrolment, and puts the events in order. */
export function dateEvents(command: Enrol, ground: Ground): Dated | { problem: Problem } {
  const read = readTime(command.occurredAt, ground.now, ground.calendar, "/occurredAt");
  if (isProblem(read)) return read;
  const records: EventRecord[] = [];
  const roles: Candidate["role"][] = [];
  for (const [index, event] of command.events.entries()) {
    const judged = judgeGiven(command, ground, event, `/events/${index}`);
    if (isProblem(judged)) return { problem: named(judged.problem, event, index, ground) };
    const { when, role } = judged;
    const { type } = event;
    roles.push(role);
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
    const placed = { when: records[index]!.occurredAt, at, reporter: command.actor.person, role: roles[index]! };
    return { candidate: makeCandidate(ground, command.events[index]!, placed), index };
  });
  return { enrolled, candidates };
}

function judgeGiven(
  command: Enrol,
  ground: Ground,
  event: Reported,
  at: string,
): Pick<Candidate, "when" | "role"> | { problem: Problem } {
  const { pathway } = ground;
  const unknown = judgeType(pathway, event.type, at);
  if (unknown) return { problem: unknown };
  const read = readTime(event.occurredAt, ground.now, ground.calendar, `${at}/occurredAt`);
  if (isProblem(read)) return read;
  const faulty = judgeData(pathway, event.type, event.data, at);
  if (faulty) return { problem: faulty };
  const allowed = judgeReporter(ground, event.type, command.actor, event.performer, at);
  if (isProblem(allowed)) return allowed;
  const { source } = event;
  const same =
    source && command.events.find((other) => other.source?.system === source.system && other.source.id === source.id);
  if (same && same !== event) return { problem: faultAt(`${at}/source`, "Two of these events have the same source.") };
  return { when: read.when, role: allowed.role };
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
export function named(found: Problem, { type, data }: Reported, index: number, { pathway }: Ground): Problem {
  const offered = [403, 422].includes(statusOf(found.name)) ? offerRedFlags(found, pathway, type, data) : found;
  return { ...offered, detail: `Event ${index}: ${offered.detail}`, event: index };
}
