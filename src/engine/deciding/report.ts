import { ENROLLED, parseDate, type Rule } from "../../core/index.js";
import type { Report, Reported } from "../model/commands.js";
import { isSameSource } from "../model/identifiers.js";
import { faultAt, invalidTime, type Refusal } from "../model/refusals.js";
import { changesNow, endedClaims, reportedAnswer, snapshotAfter, textsOf } from "./answers.js";
import { factOf, makeCandidate, type Candidate } from "./candidate.js";
import { isRefused, refused, type Decided } from "./decided.js";
import { judgeData, judgeReporter, judgeType } from "./judge.js";
import * as objections from "./objections.js";
import { tryEvent, type Tried } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import { refuse } from "./refuse.js";
import { withRecord, type Chart } from "./chart.js";
import { isBeforeBirth, readTime } from "./times.js";
import { together } from "./together.js";

export function decideReport(command: Report, chart: Chart, farBack: Rule): Decided {
  const again = objections.stale(chart, command.ifSeq) ?? seenBefore(command.event, chart);
  if (again) return refused(again);
  const candidate = judge(command, chart);
  if (isRefused(candidate)) return refuseIt(command, chart, candidate.refusal);
  const tried = tryEvent(chart, candidate);
  const refusal = objectionTo(command, chart, candidate, tried, farBack);
  return refusal ? refuseIt(command, chart, refusal) : accept(command, chart, tried);
}

function refuseIt({ event, actor, dryRun }: Report, chart: Chart, refusal: Refusal): Decided {
  const { type } = event;
  const body = { ...event, performer: event.performer?.person };
  return refuse(chart, { type, actor, body, dryRun }, refusal);
}

function seenBefore({ source }: Reported, { enrolment }: Chart): Refusal | undefined {
  if (!source) return undefined;
  const seen = enrolment.entries.find((entry) => entry.source && isSameSource(entry.source, source));
  return seen && { name: "duplicate-source", seq: seen.record.seq };
}

function judge(command: Report, chart: Chart): Candidate | { refusal: Refusal } {
  const { event, actor, reason } = command;
  const { pathway } = chart;
  const unknown = judgeType(pathway, event.type, "");
  if (unknown) {
    const read = readTime(event.occurredAt, chart.now, chart.calendar, "/occurredAt");
    return { refusal: together([unknown, isRefused(read) ? read.refusal : undefined])! };
  }
  const placed = placeInTime(command, chart);
  // Nothing else about it matters any more.
  if (isRefused(placed) && placed.refusal.name === "exited") return placed;
  const faulty = judgeData(pathway, event.type, event.data, "");
  const allowed = judgeReporter(pathway, event.type, actor, event.performer, "");
  if (faulty || isRefused(placed) || isRefused(allowed)) {
    const refusals = [isRefused(placed) ? placed.refusal : undefined, faulty];
    return { refusal: together([...refusals, isRefused(allowed) ? allowed.refusal : undefined])! };
  }
  return makeCandidate(pathway, event, { ...placed, reporter: actor.person, role: allowed.role }, { reason });
}

function placeInTime({ event }: Report, chart: Chart): Pick<Candidate, "when" | "at"> | { refusal: Refusal } {
  const { pathway, calendar, now, standing, enrolment } = chart;
  const { type, data } = event;
  const pointer = "/occurredAt";
  const read = readTime(event.occurredAt, now, calendar, pointer);
  if (isRefused(read)) return read;
  const { when } = read;
  const at = typeof when === "number" ? when : resolve(chart, type, when);
  const { exit, enrolledAt } = standing.stored;
  if (exit && at >= exit.at) {
    const hasRedFlags = pathway.redFlags.carriedBy(type, data);
    return { refusal: { name: "exited", exitReason: exit.reason, hasRedFlags } };
  }
  if (at >= enrolledAt) return { when, at };
  // Nobody is enrolled before birth: only here is the sealed birth date worth opening.
  const isUnborn = isBeforeBirth(at, enrolment.person.reveal()?.birthDate, calendar);
  return {
    refusal: isUnborn ? invalidTime(pointer, "before-birth") : objections.beforeEnrolment(chart, when, pointer),
  };
}

/** The instant that a bare date means here (fold.md F3). */
function resolve(chart: Chart, type: string, date: string): number {
  const seq = chart.enrolment.seq + 1;
  const record = {
    kind: "event",
    seq,
    type,
    occurredAt: parseDate(date)!,
    recordedAt: chart.now,
    by: null,
    data: {},
  } as const;
  return withRecord(chart, record).fact!.at;
}

/** Why the event cannot be recorded as it is, now that its place is known. */
function objectionTo(
  command: Report,
  chart: Chart,
  candidate: Candidate,
  tried: Tried,
  farBack: Rule,
): Refusal | undefined {
  const { event, keepAside, reason, actor } = command;
  const { outcome, standing, aside } = tried;
  if (outcome.kind === "refused") {
    if (!keepAside || event.type === ENROLLED) {
      return objections.refusedAt(chart, event.type, candidate.at, outcome.reason, actor.roles);
    }
    if (!hasReason(reason)) return WITHOUT_REASON;
  }
  const fact = tried.fact ?? factOf(candidate, tried.record.seq);
  const urgent = isNeverAskedBack(chart.pathway, event.type, event.data);
  const about = { type: event.type, data: { fact, log: standing.log }, occurredAt: candidate.when };
  const isSettled = urgent || event.confirm === true;
  const { demanded, confirm } = objections.questions(chart, farBack, { ...about, isSettled }, "");
  if (demanded) return demanded;
  if (confirm.length > 0) return { name: "confirmation-required", confirm };
  if (aside.length === 0 || urgent) return undefined;
  if (command.acceptConsequences) return hasReason(reason) ? undefined : WITHOUT_REASON;
  return { name: "consequences", setAside: aside, changes: changesNow(chart, standing, aside) };
}

/** It would stand in the record beside what is set aside. */
const WITHOUT_REASON = faultAt("/reason", "consent-without-reason");

const hasReason = (reason: string | undefined): boolean => reason !== undefined && reason.trim() !== "";

function accept(command: Report, chart: Chart, tried: Tried): Decided {
  const { ledger, record, standing } = tried;
  const snapshot = snapshotAfter(chart, ledger, standing);
  const texts = textsOf(ledger, chart.enrolment);
  const changes = command.dryRun ? changesNow(chart, standing, tried.aside) : undefined;
  const answer = reportedAnswer(chart.pathway, record, texts, snapshot, endedClaims(ledger.records), changes);
  return { answer, made: command.dryRun ? null : { ledger, standing, recordSeq: record.seq } };
}
