/** What is said to have happened before the enrolment was made: each event by itself, and all of them in order. */
import { ENROLLED, effectiveEvents, type EventRecord, type Fact, type When } from "../../core/index.js";
import type { Enrol, Reported } from "../model/commands.js";
import { isSameSource } from "../model/identifiers.js";
import { faultAt, invalidTime, type Refusal } from "../model/refusals.js";
import { makeCandidate, type Candidate } from "./candidate.js";
import { isRefused } from "./decided.js";
import { judgeData, judgeReporter, judgeType } from "./judge.js";
import type { Setting } from "../model/rules.js";
import { isBeforeBirth, readTime } from "./times.js";

/** `pathway.enrolled` is the first record of every history, the pin the second: given events follow. */
const FIRST_GIVEN_SEQ = 3;

export interface Dated {
  enrolled: EventRecord;
  /** In the order of the fold. */
  candidates: { candidate: Candidate; index: number }[];
}

/** Judges each event by itself, dates the enrolment, and puts the events in order. */
export function dateEvents(command: Enrol, setting: Setting): Dated | { refusal: Refusal } {
  const read = readTime(command.occurredAt, setting.now, setting.calendar, "/occurredAt");
  if (isRefused(read)) return read;
  const records: EventRecord[] = [];
  const roles: Candidate["role"][] = [];
  for (const [index, event] of command.events.entries()) {
    const judged = judgeGiven(command, setting, event, `/events/${index}`);
    if (isRefused(judged)) return { refusal: { ...judged.refusal, event: index } };
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
  if (misplaced) return { refusal: misplaced };
  const candidates = facts.slice(1).map(({ seq, at }) => {
    const index = seq - FIRST_GIVEN_SEQ;
    const placed = { when: records[index]!.occurredAt, at, reporter: command.actor.person, role: roles[index]! };
    return { candidate: makeCandidate(setting.pathway, command.events[index]!, placed), index };
  });
  return { enrolled, candidates };
}

function judgeGiven(
  command: Enrol,
  setting: Setting,
  event: Reported,
  at: string,
): Pick<Candidate, "when" | "role"> | { refusal: Refusal } {
  const { pathway } = setting;
  const unknown = judgeType(pathway, event.type, at);
  if (unknown) return { refusal: unknown };
  const read = readTime(event.occurredAt, setting.now, setting.calendar, `${at}/occurredAt`);
  if (isRefused(read)) return read;
  const faulty = judgeData(pathway, event.type, event.data, at);
  if (faulty) return { refusal: faulty };
  const allowed = judgeReporter(setting, event.type, command.actor, event.performer, at);
  if (isRefused(allowed)) return allowed;
  const { source } = event;
  const same = source && command.events.find((other) => other.source && isSameSource(other.source, source));
  if (same && same !== event) return { refusal: faultAt(`${at}/source`, "same-source") };
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

function judgePlaces(command: Enrol, setting: Setting, facts: readonly Fact[]): Refusal | undefined {
  const [enrolled, ...given] = facts;
  const { birthDate } = command.patient;
  const pointerOf = ({ seq }: Fact): string => `/events/${seq - FIRST_GIVEN_SEQ}/occurredAt`;
  const unborn = given.find(({ at }) => isBeforeBirth(at, birthDate, setting.calendar));
  if (unborn) return invalidTime(pointerOf(unborn), "before-birth");
  if (isBeforeBirth(enrolled!.at, birthDate, setting.calendar)) return invalidTime("/occurredAt", "before-birth");
  const early = given.find(({ at }) => at < enrolled!.at);
  return early && { name: "before-enrolment", errors: [{ pointer: pointerOf(early), code: "before-own-enrolment" }] };
}
