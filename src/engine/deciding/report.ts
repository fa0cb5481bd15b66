import { parseDate } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Report, Reported } from "../model/commands.js";
import { changesOf, reportedAnswer, snapshotAfter, textsOf } from "./answers.js";
import { factOf, type Candidate } from "./candidate.js";
import { isProblem, openLedger, problem, type Decided } from "./decided.js";
import { judgeData, judgeReporter, judgeType, isEnrolment, bodyOf } from "./judge.js";
import * as objections from "./objections.js";
import { cutPersonal } from "../model/personal.js";
import { standingAt, tryEvent, type Tried } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import { refuse } from "./refuse.js";
import { withRecord, type Chart, type Setting } from "./situation.js";
import { beforeBirth, isBeforeBirth, readTime } from "./times.js";

export function decideReport(command: Report, chart: Chart): Decided {
  const { event, actor, dryRun = false } = command;
  const again = objections.stale(chart, command.ifSeq) ?? seenBefore(event, chart);
  if (again) return problem(again);
  const judged = judge(command, chart);
  const tried = isProblem(judged) ? judged : tryEvent(() => openLedger(chart), chart, judged);
  const found = isProblem(tried) ? tried.problem : objectionTo(command, chart, judged as Candidate, tried);
  if (found) {
    const attempt = {
      type: event.type,
      data: event.data,
      actor,
      body: bodyOf({ ...event, performer: event.performer?.person }),
      dryRun,
    };
    return refuse(chart, attempt, found);
  }
  return accept(command, chart, tried as Tried);
}

function seenBefore({ source }: Reported, { enrolment }: Chart): Problem | undefined {
  if (!source) return undefined;
  const seen = enrolment.entries.find(
    (entry) => entry.source?.system === source.system && entry.source.id === source.id,
  );
  if (!seen) return undefined;
  const { seq } = seen.record;
  return { name: "duplicate-source", detail: `This source has reported this before: record ${seq}.`, seq };
}

function judge(command: Report, chart: Chart): Candidate | { problem: Problem } {
  const { event, actor, reason } = command;
  const unknown = judgeType(chart.pathway, event.type, "");
  if (unknown) return { problem: unknown };
  const placed = placeInTime(command, chart);
  if (isProblem(placed)) return placed;
  const faulty = judgeData(chart.pathway, event.type, event.data, "");
  if (faulty) return { problem: faulty };
  const allowed = judgeReporter(chart, event.type, actor, event.performer, "");
  if (isProblem(allowed)) return allowed;
  return makeCandidate(chart, event, { ...placed, reporter: actor.person, role: allowed.role }, { reason });
}

function placeInTime({ event }: Report, chart: Chart): { when: Candidate["when"]; at: number } | { problem: Problem } {
  const { calendar, now, standing, enrolment } = chart;
  const pointer = "/occurredAt";
  const read = readTime(event.occurredAt, now, calendar, pointer);
  if (isProblem(read)) return read;
  const { when } = read;
  const at = typeof when === "number" ? when : resolve(chart, event.type, when);
  const { exit, enrolledAt } = standing.stored;
  if (exit && at >= exit.at) return { problem: objections.exited(chart, event.type, event.data) };
  if (at >= enrolledAt) return { when, at };
  // Nobody is enrolled before birth: only here is the sealed birth date worth opening.
  if (isBeforeBirth(at, enrolment.patient.reveal()?.birthDate, calendar)) return { problem: beforeBirth(pointer) };
  return { problem: objections.beforeEnrolment(chart, when, pointer) };
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

export function makeCandidate(
  setting: Setting,
  { type, data, note, performer, source }: Reported,
  placed: Pick<Candidate, "when" | "at" | "reporter" | "role">,
  beside: Record<string, string | undefined> = {},
): Candidate {
  const cut = cutPersonal(setting.pathway, type, data, { note, ...beside });
  return { type, ...placed, performer: performer?.person ?? null, source: source ?? null, ...cut };
}

/** Why the event cannot be recorded as it is, now that its place is known. */
function objectionTo(command: Report, chart: Chart, candidate: Candidate, tried: Tried): Problem | undefined {
  const { event, keepAside, reason, actor } = command;
  const { outcome, standing, aside } = tried;
  if (outcome.kind === "refused") {
    if (!keepAside || isEnrolment(event.type)) {
      return objections.refusedAt(chart, event.type, candidate.at, outcome.reason, actor.roles);
    }
    if (!hasReason(reason)) return objections.reasonMissing();
  }
  const fact = tried.fact ?? factOf(candidate, tried.record.seq);
  const { demanded, confirm } = objections.asked(chart, fact, standing.log, "");
  if (demanded) return demanded;
  const urgent = isNeverAskedBack(chart.pathway, event.type, event.data);
  if (confirm.length > 0 && !event.confirm && !urgent) return objections.confirmationRequired(confirm);
  if (aside.length === 0 || urgent) return undefined;
  if (!command.acceptConsequences) return objections.consequences(aside, changes(chart, tried));
  return hasReason(reason) ? undefined : objections.reasonMissing();
}

const hasReason = (reason: string | undefined): boolean => reason !== undefined && reason.trim() !== "";

function changes(chart: Chart, { standing, aside }: Tried): ReturnType<typeof changesOf> {
  return changesOf(standingAt(chart, chart.standing, chart.now), standing, aside);
}

function accept(command: Report, chart: Chart, tried: Tried): Decided {
  const { ledger, record, standing } = tried;
  const snapshot = snapshotAfter(chart, ledger, standing, chart.enrolment, chart.enrolment.row);
  const texts = textsOf(ledger, chart.enrolment);
  const shown = command.dryRun ? changes(chart, tried) : undefined;
  const answer = reportedAnswer(chart.pathway, record, texts, snapshot, shown);
  return { answer, made: command.dryRun ? null : { ledger, standing, recordSeq: record.seq } };
}
