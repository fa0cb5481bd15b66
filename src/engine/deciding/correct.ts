import { EXITED, type CorrectionRecord, type EventRecord, type Fact, type JsonObject } from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Correct } from "../model/commands.js";
import { changesOf, snapshotAfter } from "./answers.js";
import { isProblem, openLedger, problem, roleOf, type Decided } from "./decided.js";
import { bodyOf, faultAt, isEnrolment, judgeData, mayCorrect } from "./judge.js";
import type { Draft } from "./ledger.js";
import * as objections from "./objections.js";
import { cutPersonal } from "../model/personal.js";
import { foldAgain, standingAt, type Aside, type Tried } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import { refuse } from "./refuse.js";
import { withRecord, type Case } from "./situation.js";
import { beforeBirth, isBeforeBirth, readTime } from "./times.js";

/** A correction that broke no rule of its own, with its free texts cut out. */
interface Correction {
  target: EventRecord;
  record: CorrectionRecord;
  personal: JsonObject | null;
  /** The event as it was and as it would be; absent where it is struck out. */
  was: Fact | undefined;
  becomes: Fact | undefined;
  effective: readonly Fact[];
}

export function decideCorrect(command: Correct, kase: Case): Decided {
  const again = objections.stale(kase, command.ifSeq);
  if (again) return problem(again);
  const target = kase.enrolment.records.find(({ seq }) => seq === command.corrects);
  if (target?.kind !== "event") {
    return problem({
      name: "not-found",
      detail: `Record ${command.corrects} of this enrolment is no event that could be corrected.`,
    });
  }
  const judged = judge(command, kase, target);
  if (isProblem(judged)) return refuseIt(command, kase, target, judged.problem);
  const tried = tryCorrection(command, kase, judged);
  const found = objectionTo(command, kase, judged, tried);
  return found ? refuseIt(command, kase, target, found) : accept(command, kase, tried, ownAside(kase, judged, tried));
}

function refuseIt(command: Correct, kase: Case, target: EventRecord, found: Problem): Decided {
  const { kind: _, actor, idempotency: __, enrolmentId: ___, dryRun, corrects, ...body } = command;
  const data = command.data ?? {};
  return refuse(kase, { type: target.type, data, actor, corrects, dryRun, body: bodyOf(body) }, found);
}

function judge(command: Correct, kase: Case, target: EventRecord): Correction | { problem: Problem } {
  const { pathway } = kase;
  const { type } = target;
  const { occurredAt, data, strikeOut, reason, actor } = command;
  if (occurredAt === undefined && data === undefined && strikeOut === undefined) {
    return { problem: faultAt("", "A correction names at least one of occurredAt, data and strikeOut.") };
  }
  if (reason.trim() === "") return { problem: faultAt("/reason", "A correction has a reason.") };
  if (isEnrolment(type) && strikeOut) return { problem: enrolmentStays(kase) };
  const faulty = data && judgeData(pathway, type, data, "");
  if (faulty) return { problem: faulty };
  if (!mayCorrect(kase, target, actor)) return { problem: notTheirs(kase, type) };
  const read = occurredAt === undefined ? undefined : readTime(occurredAt, kase.now, kase.calendar, "/occurredAt");
  if (read && isProblem(read)) return read;
  const cut = cutPersonal(pathway, type, data ?? {}, { reason });
  const record: CorrectionRecord = {
    ...{ kind: "correction", seq: kase.enrolment.seq + 1, corrects: target.seq, recordedAt: kase.now },
    ...(read && { occurredAt: read.when }),
    ...(data && { data: cut.data }),
    ...(strikeOut !== undefined && { strikeOut }),
  };
  const { effective, fact: becomes } = withRecord(kase, record);
  const was = kase.effective.find((event) => event.seq === target.seq);
  const correction = { target, record, personal: cut.personal, was, becomes, effective };
  const misplaced = judgeTime(kase, correction);
  return misplaced ? { problem: misplaced } : correction;
}

function enrolmentStays(kase: Case): Problem {
  const detail =
    "The enrolment itself cannot be struck out. If the patient should never have been enrolled, report pathway.exited with the reason enrolledInError.";
  const offer = { type: EXITED, data: { reason: "enrolledInError" } };
  return { name: "event-refused", detail, acceptedEvents: kase.standing.stored.exit ? [] : [EXITED], offer };
}

function notTheirs(kase: Case, type: string): Problem {
  const { title, reporters } = kase.pathway.event(type)!;
  const detail = `${title} (${type}) is corrected by those who report it: ${reporters.join(", ")}.`;
  return { name: "reporter-not-allowed", detail, reporters: [...reporters] };
}

/** No event may come to lie before the enrolment or the patient's birth. */
function judgeTime(kase: Case, { record, becomes, effective }: Correction): Problem | undefined {
  const enrolled = effective[0]!;
  const birthDate = kase.enrolment.patient.reveal()?.birthDate;
  if (record.occurredAt !== undefined && becomes && isBeforeBirth(becomes.at, birthDate, kase.calendar)) {
    return beforeBirth("/occurredAt");
  }
  const early = effective.filter(({ at }) => at < enrolled.at);
  if (early.length === 0) return undefined;
  if (becomes && early.includes(becomes) && !isEnrolment(becomes.type)) {
    return objections.beforeEnrolment(
      kase,
      record.occurredAt ?? becomes.at,
      record.occurredAt === undefined ? "" : "/occurredAt",
    );
  }
  const named = early.map(({ type, seq }) => `${type} (record ${seq})`).join(", ");
  const detail = `These events would lie before the enrolment: ${named}. Correct or strike them out first, or choose an earlier date.`;
  return { name: "before-enrolment", detail, errors: [{ pointer: "/occurredAt", detail }] };
}

function tryCorrection(command: Correct, kase: Case, { target, record, personal }: Correction): Tried {
  const { strikeOut, actor } = command;
  const because = { kind: "correction", seq: record.seq, type: target.type } as const;
  return foldAgain(openLedger(kase), kase, record, because, (more): Draft => {
    const role = roleOf(actor, kase.pathway.event(target.type)?.reporters);
    return {
      ...{ kind: "correction", type: target.type, corrects: target.seq, by: actor.person, role, personal, ...more },
      ...{ occurredAt: record.occurredAt ?? null, data: record.data ?? null },
      detail: { ...more.detail, ...(strikeOut !== undefined && { strikeOut }) },
    };
  });
}

/** The corrected event itself, where nothing takes it at its new place and something took it at the old one. */
function ownAside(kase: Case, { target, becomes }: Correction, { outcome }: Tried): Aside[] {
  if (outcome.kind !== "refused" || !becomes || kase.standing.stored.setAside.includes(target.seq)) return [];
  return [{ seq: target.seq, type: target.type, occurredAt: becomes.at }];
}

function objectionTo(command: Correct, kase: Case, correction: Correction, tried: Tried): Problem | undefined {
  const { enrolment, pathway } = kase;
  const { was, becomes, target } = correction;
  if (enrolment.row.status === "exited" && tried.standing.stored.status !== "exited" && enrolment.activeElsewhere) {
    const detail =
      "The patient has another active enrolment on this pathway: this exit stands until that one has ended.";
    return { name: "another-active-enrolment", detail };
  }
  if (command.data && becomes) {
    const { demanded, confirm } = objections.asked(kase, becomes, tried.standing.log, "");
    if (demanded) return demanded;
    if (confirm.length > 0 && !command.confirm) return objections.confirmationRequired(confirm);
  }
  const own = ownAside(kase, correction, tried);
  const urgent = [was, becomes].some((fact) => fact && isNeverAskedBack(pathway, target.type, fact.data));
  if (own.length === 0 && (tried.aside.length === 0 || urgent)) return undefined;
  if (command.acceptConsequences) return undefined;
  return objections.consequences([...own, ...tried.aside], changes(kase, tried, own));
}

function changes(kase: Case, { standing, aside }: Tried, own: readonly Aside[]): ReturnType<typeof changesOf> {
  return changesOf(standingAt(kase, kase.standing, kase.now), standing, [...own, ...aside]);
}

function accept(command: Correct, kase: Case, tried: Tried, own: readonly Aside[]): Decided {
  const { ledger, record, standing } = tried;
  const setAside = [...own, ...tried.aside].map((event) => ({ ...event }));
  record.detail = { ...record.detail, setAside };
  const snapshot = snapshotAfter(kase, ledger, standing, kase.enrolment, kase.enrolment.row);
  const answer = { kind: "corrected", changes: changes(kase, tried, own), snapshot } as const;
  return { answer, made: command.dryRun ? null : { ledger, stored: standing.stored, recordSeq: record.seq } };
}
