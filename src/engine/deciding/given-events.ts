/** What is said to have happened before the enrolment was made: each event by itself, and all of them in order. */
import {
  ENROLLED,
  effectiveEvents,
  makeCalendar,
  type Calendar,
  type EventRecord,
  type Fact,
  type Pathway,
  type When,
} from "../../core/index.js";
import type { Enrol, Reported } from "../model/commands.js";
import { isSameSource } from "../model/identifiers.js";
import { faultAt, invalidTime, type Refusal } from "../model/refusals.js";
import { makeCandidate, type Candidate } from "./candidate.js";
import { isRefused } from "./decided.js";
import { judgeData, judgeReporter, judgeType } from "./judge.js";
import { patientFaults } from "./judge-patient.js";
import type { Setting } from "../model/rules.js";
import type { Situation } from "./situation.js";
import { isBeforeBirth, readTime } from "./times.js";
import { together } from "./together.js";

/** `pathway.enrolled` is the first record of every history, the pin the second: given events follow. */
const FIRST_GIVEN_SEQ = 3;

/** Where each day begins first: what lies in the future or before a birth there does so at any site. */
const FIRST_DAYS = makeCalendar({ timeZone: "Pacific/Kiritimati", workingDays: [], holidays: [] });

export interface Dated {
  setting: Setting;
  enrolled: EventRecord;
  /** In the order of the fold. */
  candidates: { candidate: Candidate; index: number }[];
}

/** What an enrolment is judged by, as far as it is there. */
interface Ground {
  pathway: Pathway | null;
  /** The site's own. */
  calendar: Calendar | null;
  now: number;
}

/**
 * Judges each event by itself, dates the enrolment, and puts the events in order. All that is wrong is told at once; where
 * there is no such pathway or site, what depends on it is left out.
 */
export function dateEvents(command: Enrol, { choice, now }: Situation): Dated | { refusal: Refusal } {
  const ground: Ground = { pathway: choice.pathway, calendar: choice.calendar?.calendar ?? null, now };
  const calendar = ground.calendar ?? FIRST_DAYS;
  const read = readTime(command.occurredAt, now, calendar, "/occurredAt");
  const misnamed = patientFaults(command.patient, calendar.dateOf(now), "/patient");
  const refusals = [
    ...judgeGround(command, ground),
    misnamed.length > 0 ? ({ name: "invalid-data", errors: misnamed } as const) : undefined,
    isRefused(read) ? read.refusal : undefined,
  ];
  const records: EventRecord[] = [];
  const roles: Candidate["role"][] = [];
  for (const [index, event] of command.events.entries()) {
    const { when, role, refused } = judgeGiven(command, ground, event, `/events/${index}`);
    refusals.push(...refused.map((refusal) => ({ ...refusal, event: index })));
    roles.push(role);
    if (when === undefined) continue;
    records.push({
      kind: "event",
      seq: FIRST_GIVEN_SEQ + index,
      type: event.type,
      occurredAt: when,
      recordedAt: now,
      by: null,
      data: {},
    });
  }
  const given = command.occurredAt === undefined || isRefused(read) ? undefined : read.when;
  const enrolled = enrolledRecord(command, now, given ?? earliest(records, calendar, now));
  const facts = effectiveEvents([enrolled, ...records], calendar);
  const isBirthRight = misnamed.every(({ pointer }) => pointer !== "/patient/birthDate");
  const birthDate = isBirthRight ? command.patient.birthDate : undefined;
  const refusal = together([...refusals, ...judgePlaces(command, ground, facts, birthDate)]);
  if (refusal) return { refusal };
  const setting: Setting = { pathway: ground.pathway!, calendar, now };
  const candidates = facts.slice(1).map(({ seq, at }) => {
    const index = seq - FIRST_GIVEN_SEQ;
    const placed = { when: records[index]!.occurredAt, at, reporter: command.actor.person, role: roles[index]! };
    return { candidate: makeCandidate(setting.pathway, command.events[index]!, placed), index };
  });
  return { setting, enrolled, candidates };
}

function judgeGround({ version }: Enrol, { pathway, calendar }: Ground): Refusal[] {
  return [
    ...(pathway ? [] : [faultAt(version === undefined ? "/pathway" : "/version", "unknown-pathway")]),
    ...(calendar ? [] : [faultAt("/site", "unknown-site")]),
  ];
}

/** As far as it can be judged: when it was, the role that counts, and what is wrong with it. */
interface Judged {
  when: When | undefined;
  role: Candidate["role"];
  refused: Refusal[];
}

function judgeGiven(command: Enrol, { pathway, calendar, now }: Ground, event: Reported, at: string): Judged {
  const read = readTime(event.occurredAt, now, calendar ?? FIRST_DAYS, `${at}/occurredAt`);
  const unknown = pathway ? judgeType(pathway, event.type, at) : undefined;
  const faulty = unknown ?? (pathway ? judgeData(pathway, event.type, event.data, at) : undefined);
  // Roles are held at a site.
  const isJudged = pathway && calendar && !unknown;
  const allowed = isJudged ? judgeReporter(pathway, event.type, command.actor, event.performer, at) : { role: null };
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

function enrolledRecord(command: Enrol, now: number, occurredAt: When): EventRecord {
  return {
    kind: "event",
    seq: 1,
    type: ENROLLED,
    occurredAt,
    recordedAt: now,
    by: command.actor.person,
    data: {},
  };
}

/** The time, as typed, of the earliest event; a bare date counts from its first moment. */
function earliest(records: readonly EventRecord[], calendar: Calendar, now: When): When {
  const start = ({ occurredAt }: EventRecord): number => calendar.resolve(occurredAt, "00:00");
  return (
    records.reduce<EventRecord | undefined>((a, b) => (a && start(a) <= start(b) ? a : b), undefined)?.occurredAt ?? now
  );
}

function judgePlaces(
  command: Enrol,
  { calendar }: Ground,
  facts: readonly Fact[],
  birthDate: string | undefined,
): Refusal[] {
  const [enrolled, ...given] = facts;
  const pointerOf = ({ seq }: Fact): string => `/events/${seq - FIRST_GIVEN_SEQ}/occurredAt`;
  const isUnborn = ({ at }: Fact): boolean => isBeforeBirth(at, birthDate, calendar ?? FIRST_DAYS);
  const unborn = given.filter(isUnborn).map((event) => invalidTime(pointerOf(event), "before-birth"));
  // An enrolment that dates itself has no time of its own that could be wrong.
  const isOwn = command.occurredAt !== undefined || unborn.length === 0;
  if (isOwn && isUnborn(enrolled!)) unborn.push(invalidTime("/occurredAt", "before-birth"));
  // Which of a date and an instant comes first, only the site's calendar tells.
  const early = calendar ? given.filter((event) => event.at < enrolled!.at && !isUnborn(event)) : [];
  return [
    ...unborn,
    ...early.map((event): Refusal => {
      return { name: "before-enrolment", errors: [{ pointer: pointerOf(event), code: "before-own-enrolment" }] };
    }),
  ];
}
