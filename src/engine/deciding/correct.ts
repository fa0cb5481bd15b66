import {
  EXITED,
  type CorrectionRecord,
  type EventRecord,
  type Fact,
  type JsonObject,
  type Outcome,
} from "../../core/index.js";
import type { Problem } from "../../platform/problems.js";
import type { Correct } from "../model/commands.js";
import { changesOf, snapshotAfter } from "./answers.js";
import { isProblem, openLedger, problem, roleOf, type Decided } from "./decided.js";
import { bodyOf, faultAt, isEnrolment, judgeData, mayCorrect } from "./judge.js";
import * as objections from "./objections.js";
import { cutPersonal } from "../model/personal.js";
import { entryOf } from "../model/loaded.js";
import type { Aside, CorrectionOnRecord } from "../model/records.js";
import { foldAgain, standingAt, type Tried } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import { refuse } from "./refuse.js";
import { withRecord, type Chart } from "./situation.js";
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

export function decideCorrect(command: Correct, chart: Chart): Decided {
  const again = objections.stale(chart, command.ifSeq);
  if (again) return problem(again);
  const target = entryOf(chart.enrolment, command.corrects)?.record;
  if (target?.kind !== "event") {
    return problem({
      name: "not-found",
      detail: `Record ${command.corrects} of this enrolment is no event that could be corrected.`,
    });
  }
  const judged = judge(command, chart, target);
  if (isProblem(judged)) return refuseIt(command, chart, target, judged.problem);
  const tried = tryCorrection(command, chart, judged);
  const found = objectionTo(command, chart, judged, tried);
  return found ? refuseIt(command, chart, target, found) : accept(command, chart, tried);
}

function refuseIt(command: Correct, chart: Chart, target: EventRecord, found: Problem): Decided {
  const { kind: _, actor, idempotency: __, enrolmentId: ___, dryRun, corrects, ...body } = command;
  const data = command.data ?? {};
  return refuse(chart, { type: target.type, data, actor, corrects, dryRun, body: bodyOf(body) }, found);
}

function judge(command: Correct, chart: Chart, target: EventRecord): Correction | { problem: Problem } {
  const { pathway } = chart;
  const { type } = target;
  const { occurredAt, data, strikeOut, reason, actor } = command;
  if (occurredAt === undefined && data === undefined && strikeOut === undefined) {
    return { problem: faultAt("", "A correction names at least one of occurredAt, data and strikeOut.") };
  }
  if (reason.trim() === "") return { problem: faultAt("/reason", "A correction has a reason.") };
  if (isEnrolment(type) && strikeOut) return { problem: enrolmentStays(chart) };
  const faulty = data && judgeData(pathway, type, data, "");
  if (faulty) return { problem: faulty };
  if (!mayCorrect(chart, target, actor)) return { problem: notTheirs(chart, type) };
  const read = occurredAt === undefined ? undefined : readTime(occurredAt, chart.now, chart.calendar, "/occurredAt");
  if (read && isProblem(read)) return read;
  const cut = cutPersonal(pathway, type, data ?? {}, { reason });
  const record: CorrectionRecord = {
    ...{ kind: "correction", seq: chart.enrolment.seq + 1, corrects: target.seq, recordedAt: chart.now },
    ...(read && { occurredAt: read.when }),
    ...(data && { data: cut.data }),
    ...(strikeOut !== undefined && { strikeOut }),
  };
  const { effective, fact: becomes } = withRecord(chart, record);
  const was = chart.effective.find((event) => event.seq === target.seq);
  const correction = { target, record, personal: cut.personal, was, becomes, effective };
  const misplaced = judgeTime(chart, correction);
  return misplaced ? { problem: misplaced } : correction;
}

function enrolmentStays(chart: Chart): Problem {
  const detail =
    "The enrolment itself cannot be struck out. If the patient should never have been enrolled, report pathway.exited with the reason enrolledInError.";
  const offer = { type: EXITED, data: { reason: "enrolledInError" } };
  return { name: "event-refused", detail, acceptedEvents: chart.standing.stored.exit ? [] : [EXITED], offer };
}

function notTheirs(chart: Chart, type: string): Problem {
  const { title, reporters } = chart.pathway.event(type)!;
  const detail = `${title} (${type}) is corrected by those who report it: ${reporters.join(", ")}.`;
  return { name: "reporter-not-allowed", detail, reporters: [...reporters] };
}

/** No event may come to lie before the enrolment or the patient's birth. */
function judgeTime(chart: Chart, { record, becomes, effective }: Correction): Problem | undefined {
  const enrolled = effective[0]!;
  const birthDate = chart.enrolment.patient.reveal()?.birthDate;
  if (record.occurredAt !== undefined && becomes && isBeforeBirth(becomes.at, birthDate, chart.calendar)) {
    return beforeBirth("/occurredAt");
  }
  const early = effective.filter(({ at }) => at < enrolled.at);
  if (early.length === 0) return undefined;
  if (becomes && early.includes(becomes) && !isEnrolment(becomes.type)) {
    return objections.beforeEnrolment(
      chart,
      record.occurredAt ?? becomes.at,
      record.occurredAt === undefined ? "" : "/occurredAt",
    );
  }
  const named = early.map(({ type, seq }) => `${type} (record ${seq})`).join(", ");
  const detail = `These events would lie before the enrolment: ${named}. Correct or strike them out first, or choose an earlier date.`;
  return { name: "before-enrolment", detail, errors: [{ pointer: "/occurredAt", detail }] };
}

function tryCorrection({ actor }: Correct, chart: Chart, correction: Correction): Tried<CorrectionOnRecord> {
  const { target, record, personal } = correction;
  const { type } = target;
  const because = { kind: "correction", seq: record.seq, type } as const;
  return foldAgain(openLedger(chart), chart, record, because, ({ outcome, takenBy, setAside, ...states }) => ({
    ...{ kind: "correction", type, corrects: record.corrects, by: actor.person, personal, ...states },
    role: roleOf(actor, chart.pathway.event(type)?.reporters),
    ...{ occurredAt: record.occurredAt ?? null, data: record.data ?? null },
    detail: {
      takenBy,
      setAside: [...ownAside(chart, correction, outcome), ...setAside],
      ...(record.strikeOut !== undefined && { strikeOut: record.strikeOut }),
    },
  }));
}

/** The corrected event itself, where nothing takes it at its new place and something took it at the old one. */
function ownAside(chart: Chart, { target, becomes }: Correction, outcome: Outcome): Aside[] {
  if (outcome.kind !== "refused" || !becomes || chart.standing.stored.setAside.includes(target.seq)) return [];
  return [{ seq: target.seq, type: target.type, occurredAt: becomes.at }];
}

function objectionTo(
  command: Correct,
  chart: Chart,
  correction: Correction,
  tried: Tried<CorrectionOnRecord>,
): Problem | undefined {
  const { enrolment, pathway } = chart;
  const { was, becomes, target } = correction;
  if (enrolment.row.status === "exited" && tried.standing.stored.status !== "exited" && enrolment.activeElsewhere) {
    const detail =
      "The patient has another active enrolment on this pathway: this exit stands until that one has ended.";
    return { name: "another-active-enrolment", detail };
  }
  if (command.data && becomes) {
    const { demanded, confirm } = objections.asked(chart, becomes, tried.standing.log, "");
    if (demanded) return demanded;
    if (confirm.length > 0 && !command.confirm) return objections.confirmationRequired(confirm);
  }
  const own = ownAside(chart, correction, tried.outcome);
  const urgent = [was, becomes].some((fact) => fact && isNeverAskedBack(pathway, target.type, fact.data));
  if (own.length === 0 && (tried.aside.length === 0 || urgent)) return undefined;
  if (command.acceptConsequences) return undefined;
  return objections.consequences(tried.record.detail.setAside, changes(chart, tried));
}

function changes(chart: Chart, { standing, record }: Tried<CorrectionOnRecord>): ReturnType<typeof changesOf> {
  return changesOf(standingAt(chart, chart.standing, chart.now), standing, record.detail.setAside);
}

function accept(command: Correct, chart: Chart, tried: Tried<CorrectionOnRecord>): Decided {
  const { ledger, record, standing } = tried;
  const snapshot = snapshotAfter(chart, ledger, standing, chart.enrolment, chart.enrolment.row);
  const answer = { kind: "corrected", changes: changes(chart, tried), snapshot } as const;
  return { answer, made: command.dryRun ? null : { ledger, standing, recordSeq: record.seq } };
}
