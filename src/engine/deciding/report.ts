import { parseDate, type JsonObject } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Report, Reported } from "../model/commands.js";
import type { Loaded } from "../model/loaded.js";
import { changesOf, reportedAnswer, snapshotAfter, textsOf } from "./answers.js";
import { factOf, type Candidate } from "./candidate.js";
import { isProblem, openLedger, problem, type Decided } from "./decided.js";
import { judgeData, judgeReporter, judgeType, isEnrolment, bodyOf } from "./judge.js";
import * as objections from "./objections.js";
import { cutPersonal } from "../model/personal.js";
import { standingAt, tryEvent, type Tried } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import { refuse } from "./refuse.js";
import { withRecord, type Case, type Ground } from "./situation.js";
import { beforeBirth, isBeforeBirth, readTime } from "./times.js";

export function decideReport(command: Report, kase: Case, loaded: Loaded): Decided {
  const { event, actor, dryRun = false } = command;
  const again = objections.stale(kase, command.ifSeq) ?? seenBefore(loaded);
  if (again) return problem(again);
  const judged = judge(command, kase);
  const tried = isProblem(judged) ? judged : tryEvent(() => openLedger(kase), kase, judged);
  const found = isProblem(tried) ? tried.problem : objectionTo(command, kase, judged as Candidate, tried);
  if (found) {
    const attempt = { type: event.type, data: event.data, actor, body: bodyOf(event), dryRun };
    return refuse(kase, attempt, found);
  }
  return accept(command, kase, tried as Tried);
}

function seenBefore({ sourceSeenAt }: Loaded): Problem | undefined {
  if (sourceSeenAt === null) return undefined;
  return {
    name: "duplicate-source",
    detail: `This source has reported this before: record ${sourceSeenAt}.`,
    seq: sourceSeenAt,
  };
}

function judge(command: Report, kase: Case): Candidate | { problem: Problem } {
  const { event, actor, reason } = command;
  const unknown = judgeType(kase.pathway, event.type, "");
  if (unknown) return { problem: unknown };
  const placed = placeInTime(command, kase);
  if (isProblem(placed)) return placed;
  const faulty = judgeData(kase.pathway, event.type, event.data, "");
  if (faulty) return { problem: faulty };
  const allowed = judgeReporter(kase, event.type, actor, event.performer, "");
  if (isProblem(allowed)) return allowed;
  return makeCandidate(kase, event, { ...placed, reporter: actor.person, role: allowed.role }, { reason });
}

function placeInTime({ event }: Report, kase: Case): { when: Candidate["when"]; at: number } | { problem: Problem } {
  const { calendar, now, standing, enrolment } = kase;
  const pointer = "/occurredAt";
  const read = readTime(event.occurredAt, now, calendar, pointer);
  if (isProblem(read)) return read;
  const { when } = read;
  const at = typeof when === "number" ? when : resolve(kase, event.type, when);
  const { exit, enrolledAt } = standing.stored;
  if (exit && at >= exit.at) return { problem: objections.exited(kase, event.type, event.data) };
  if (at >= enrolledAt) return { when, at };
  // Nobody is enrolled before birth: only here is the sealed birth date worth opening.
  if (isBeforeBirth(at, enrolment.patient.reveal()?.birthDate, calendar)) return { problem: beforeBirth(pointer) };
  return { problem: objections.beforeEnrolment(kase, when, pointer) };
}

/** The instant that a bare date means here (fold.md F3). */
function resolve(kase: Case, type: string, date: string): number {
  const seq = kase.enrolment.seq + 1;
  const record = {
    kind: "event",
    seq,
    type,
    occurredAt: parseDate(date)!,
    recordedAt: kase.now,
    by: null,
    data: {},
  } as const;
  return withRecord(kase, record).fact!.at;
}

export function makeCandidate(
  ground: Ground,
  { type, data, note, performer, source }: Reported,
  placed: Pick<Candidate, "when" | "at" | "reporter" | "role">,
  beside: Record<string, string | undefined> = {},
): Candidate {
  const cut = cutPersonal(ground.pathway, type, data, { note, ...beside });
  return { type, ...placed, performer: performer ?? null, source: source ?? null, ...cut };
}

/** Why the event cannot be recorded as it is, now that its place is known. */
function objectionTo(command: Report, kase: Case, candidate: Candidate, tried: Tried): Problem | undefined {
  const { event, keepAside, reason, actor } = command;
  const { outcome, standing, aside } = tried;
  if (outcome.kind === "refused") {
    if (!keepAside || isEnrolment(event.type)) {
      return objections.refusedAt(kase, event.type, candidate.at, outcome.reason, actor.roles);
    }
    if (!hasReason(reason)) return objections.reasonMissing();
  }
  const fact = tried.fact ?? factOf(candidate, tried.record.seq);
  const { demanded, confirm } = objections.asked(kase, fact, standing.log, "");
  if (demanded) return demanded;
  const urgent = isNeverAskedBack(kase.pathway, event.type, event.data);
  if (confirm.length > 0 && !event.confirm && !urgent) return objections.confirmationRequired(confirm);
  if (aside.length === 0 || urgent) return undefined;
  if (!command.acceptConsequences) return objections.consequences(aside, changes(kase, tried));
  return hasReason(reason) ? undefined : objections.reasonMissing();
}

const hasReason = (reason: string | undefined): boolean => reason !== undefined && reason.trim() !== "";

function changes(kase: Case, { standing, aside }: Tried): ReturnType<typeof changesOf> {
  return changesOf(standingAt(kase, kase.standing, kase.now), standing, aside);
}

function accept(command: Report, kase: Case, tried: Tried): Decided {
  const { ledger, record, standing, outcome } = tried;
  if (outcome.kind === "refused") record.detail = { ...(record.detail as JsonObject), keptAside: true };
  const snapshot = snapshotAfter(kase, ledger, standing, kase.enrolment, kase.enrolment.row);
  const texts = textsOf(ledger, kase.enrolment);
  const shown = command.dryRun ? changes(kase, tried) : undefined;
  const answer = reportedAnswer(kase.pathway, record, texts, snapshot, shown);
  return { answer, made: command.dryRun ? null : { ledger, stored: standing.stored, recordSeq: record.seq } };
}
