/** What is said to have happened before the enrolment was made: each event by itself, and all of them in order. */
import { ENROLLED, effectiveEvents, type EventRecord, type Fact, type When } from "../../core/index.js";
import type { Enrol, Reported } from "../model/commands.js";
import { isSameSource } from "../model/identifiers.js";
import { faultAt, invalidTime, type Refusal } from "../model/refusals.js";
import { makeCandidate, type Candidate } from "./candidate.js";
import { isRefused } from "./decided.js";
import { judgeData, judgeReporter, judgeType } from "./judge.js";
import { patientFaults } from "./judge-patient.js";
import type { Setting } from "../model/rules.js";
import { isBeforeBirth, readTime } from "./times.js";
import { together } from "./together.js";

/** `pathway.enrolled` is the first record of every history, the pin the second: given events follow. */
const FIRST_GIVEN_SEQ = 3;

export interface Dated {
  enrolled: EventRecord;
  /** In the order of the fold. */
  candidates: { candidate: Candidate; index: number }[];
}

/** Judges each event by itself, dates the enrolment, and puts the events in order. All that is wrong is told at once. */
export function dateEvents(command: Enrol, setting: Setting): Dated | { refusal: Refusal } {
  const read = readTime(command.occurredAt, setting.now, setting.calendar, "/occurredAt");
  const misnamed = judgePatient(command, setting);
  const refusals = [misnamed, isRefused(read) ? read.refusal : undefined];
  const records: EventRecord[] = [];
  const roles: Candidate["role"][] = [];
  for (const [index, event] of command.events.entries()) {
    const { when, role, refused } = judgeGiven(command, setting, event, `/events/${index}`);
    refusals.push(...refused.map((refusal) => ({ ...refusal, event: index })));
    roles.push(role);
    if (when === undefined) continue;
    records.push({
      kind: "event",
      seq: FIRST_GIVEN_SEQ + index,
      type: event.type,
      occurredAt: when,
      recordedAt: setting.now,
      by: null,
      data: {},
    });
  }
  const given = command.occurredAt === undefined || isRefused(read) ? undefined : read.when;
  const enrolled = enrolledRecord(command, setting, given ?? earliest(records, setting, setting.now));
  const facts = effectiveEvents([enrolled, ...records], setting.calendar);
  const refusal = together([...refusals, ...judgePlaces(command, setting, facts, misnamed === undefined)]);
  if (refusal) return { refusal };
  const candidates = facts.slice(1).map(({ seq, at }) => {
    const index = seq - FIRST_GIVEN_SEQ;
    const placed = { when: records[index]!.occurredAt, at, reporter: command.actor.person, role: roles[index]! };
    return { candidate: makeCandidate(setting.pathway, command.events[index]!, placed), index };
  });
  return { enrolled, candidates };
}

function judgePatient({ patient }: Enrol, { calendar, now }: Setting): Refusal | undefined {
  const errors = patientFaults(patient, calendar.dateOf(now), "/patient");
  return errors.length > 0 ? { name: "invalid-data", errors } : undefined;
}

/** As far as it can be judged: when it was, the role that counts, and what is wrong with it. */
interface Judged {
  when: When | undefined;
  role: Candidate["role"];
  refused: Refusal[];
}

function judgeGiven(command: Enrol, setting: Setting, event: Reported, at: string): Judged {
  const { pathway } = setting;
  const read = readTime(event.occurredAt, setting.now, setting.calendar, `${at}/occurredAt`);
  const unknown = judgeType(pathway, event.type, at);
  const faulty = unknown ?? judgeData(pathway, event.type, event.data, at);
  const allowed = unknown ? { role: null } : judgeReporter(setting, event.type, command.actor, event.performer, at);
  const { source } = event;
  const same = source && command.events.find((other) => other.source && isSameSource(other.source, source));
  const seen = same && same !== event ? faultAt(`${at}/source`, "same-source") : undefined;
  const refused = [
    faulty,
    isRefused(read) ? read.refusal : undefined,
    isRefused(allowed) ? allowed.refusal : undefined,
    seen,
  ];
  return {
    when: isRefused(read) ? undefined : read.when,
    role: isRefused(allowed) ? null : allowed.role,
    refused: refused.filter((refusal) => refusal !== undefined),
  };
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

function judgePlaces(command: Enrol, setting: Setting, facts: readonly Fact[], isPatientRight: boolean): Refusal[] {
  const [enrolled, ...given] = facts;
  const birthDate = isPatientRight ? command.patient.birthDate : undefined;
  const pointerOf = ({ seq }: Fact): string => `/events/${seq - FIRST_GIVEN_SEQ}/occurredAt`;
  const isUnborn = ({ at }: Fact): boolean => isBeforeBirth(at, birthDate, setting.calendar);
  const unborn = given.filter(isUnborn).map((event) => invalidTime(pointerOf(event), "before-birth"));
  // An enrolment that dates itself has no time of its own that could be wrong.
  const isOwn = command.occurredAt !== undefined || unborn.length === 0;
  if (isOwn && isUnborn(enrolled!)) unborn.push(invalidTime("/occurredAt", "before-birth"));
  const early = given.filter((event) => event.at < enrolled!.at && !isUnborn(event));
  return [
    ...unborn,
    ...early.map((event): Refusal => {
      return { name: "before-enrolment", errors: [{ pointer: pointerOf(event), code: "before-own-enrolment" }] };
    }),
  ];
}
