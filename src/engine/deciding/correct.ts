import {
  canonicalJson,
  ENROLLED,
  EXITED,
  presentOf,
  type CorrectionRecord,
  type EventRecord,
  type Fact,
  type JsonObject,
  type Outcome,
  type Rule,
} from "../../core/index.js";
import type { Answer } from "../model/answer.js";
import type { Correct } from "../model/commands.js";
import { faultAt, invalidTime, type Refusal } from "../model/refusals.js";
import { changesNow, changesOf, endedClaims, snapshotAfter } from "./answers.js";
import { answerOnly, isRefused, openLedger, refused, roleOf, type Decided } from "./decided.js";
import { judgeData, mayCorrect, notAllowed } from "./judge.js";
import * as objections from "./objections.js";
import { cutPersonal, uncut } from "../model/personal.js";
import { entryOf, foldRecordsOf } from "../model/loaded.js";
import type { Aside, CorrectionOnRecord } from "../model/records.js";
import { foldAgain, standingAt, type Tried } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import { refuse } from "./refuse.js";
import { withRecord, type Chart } from "./chart.js";
import { isLonger, overlap } from "./stays.js";
import { isBeforeBirth, readTime } from "./times.js";
import { together } from "./together.js";

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

export function decideCorrect(command: Correct, chart: Chart, farBack: Rule): Decided {
  const again = objections.stale(chart, command.ifSeq);
  if (again) return refused(again);
  const target = entryOf(chart.enrolment, command.corrects)?.record;
  if (target?.kind !== "event") return refused({ name: "not-found", what: "event", seq: command.corrects });
  const correction = judge(command, chart, target);
  if (isRefused(correction)) return refuseIt(command, chart, target, correction.refusal);
  if (saysNothingNew(command, chart, correction)) return unchanged(chart);
  const tried = tryCorrection(command, chart, correction);
  const refusal = objectionTo(command, chart, correction, tried, farBack);
  return refusal ? refuseIt(command, chart, target, refusal) : accept(command, chart, tried);
}

function refuseIt(command: Correct, chart: Chart, { type }: EventRecord, refusal: Refusal): Decided {
  const { kind: _, actor, idempotency: __, enrolmentId: ___, dryRun, corrects, ...body } = command;
  return refuse(chart, { type, actor, corrects, dryRun, body }, refusal);
}

/** All that is wrong with it is told at once; what can never be is told alone. */
function judge(command: Correct, chart: Chart, target: EventRecord): Correction | { refusal: Refusal } {
  const { pathway } = chart;
  const { type } = target;
  const { occurredAt, data, strikeOut, reason, actor } = command;
  const isEmpty = occurredAt === undefined && data === undefined && strikeOut === undefined;
  const unsaid = reason.trim() === "" ? faultAt("/reason", "correction-without-reason") : undefined;
  if (type === ENROLLED && strikeOut && !unsaid) {
    const instead = objections.acceptedInstead(pathway, chart.standing.stored.exit ? [] : [EXITED], actor.roles);
    return { refusal: { name: "event-refused", why: "enrolmentStays", ...instead } };
  }
  const faulty = data && judgeData(pathway, type, data, "");
  const forbidden = mayCorrect(chart, target, actor) ? undefined : notAllowed(pathway, type, "correct");
  const read = occurredAt === undefined ? undefined : readTime(occurredAt, chart.now, chart.calendar, "/occurredAt");
  const unread = read && isRefused(read) ? read.refusal : undefined;
  const cut = cutPersonal(pathway, type, faulty ? {} : (data ?? {}), { reason });
  const record: CorrectionRecord = {
    ...{ kind: "correction", seq: chart.enrolment.seq + 1, corrects: target.seq, recordedAt: chart.now },
    ...(read && !isRefused(read) && { occurredAt: read.when }),
    ...(data && !faulty && { data: cut.data }),
    ...(strikeOut !== undefined && { strikeOut }),
  };
  const { effective, fact: becomes } = withRecord(chart, record);
  const was = chart.effective.find((event) => event.seq === target.seq);
  const correction = { target, record, personal: cut.personal, was, becomes, effective };
  const misplaced = unread ?? judgeTime(chart, correction);
  const empty = isEmpty ? faultAt("", "empty-correction") : undefined;
  const refusal = together([empty, unsaid, faulty, forbidden, misplaced]);
  return refusal ? { refusal } : correction;
}

/** Every field that it names is so already. A date and an instant differ, whatever the date means. */
function saysNothingNew({ data, strikeOut }: Correct, chart: Chart, { target, record }: Correction): boolean {
  const { enrolment, pathway } = chart;
  const present = presentOf(target, foldRecordsOf(enrolment));
  if (record.occurredAt !== undefined && record.occurredAt !== present.occurredAt) return false;
  if (strikeOut !== undefined && strikeOut !== present.struckOut) return false;
  if (data === undefined) return true;
  const { record: source } = enrolment.entries.findLast(({ record: of }) =>
    of.kind === "event" ? of.seq === target.seq : of.corrects === target.seq && of.data !== undefined,
  )!;
  const whole = uncut(pathway, target.type, present.data, enrolment.reveal(source.seq));
  return canonicalJson(data) === canonicalJson(whole);
}

function unchanged(chart: Chart): Decided {
  const standing = standingAt(chart, chart.standing, chart.now);
  const snapshot = snapshotAfter(chart, openLedger(chart), standing);
  return answerOnly({
    kind: "corrected",
    isNew: false,
    changes: changesOf(standing, standing, []),
    claims: [],
    snapshot,
  });
}

/** No event may come to lie before the enrolment or the patient's birth. */
function judgeTime(chart: Chart, { record, becomes, effective }: Correction): Refusal | undefined {
  const pointer = "/occurredAt";
  const enrolled = effective[0]!;
  const birthDate = chart.enrolment.person.reveal()?.birthDate;
  if (record.occurredAt !== undefined && becomes && isBeforeBirth(becomes.at, birthDate, chart.calendar)) {
    return invalidTime(pointer, "before-birth");
  }
  const early = effective.filter(({ at }) => at < enrolled.at);
  if (early.length === 0) return undefined;
  if (becomes && early.includes(becomes) && becomes.type !== ENROLLED) {
    if (record.occurredAt === undefined) return objections.beforeEnrolment(chart, becomes.at, "");
    return objections.beforeEnrolment(chart, record.occurredAt, pointer);
  }
  const events = early.map(({ type, seq }) => ({ type, seq }));
  return { name: "before-enrolment", errors: [{ pointer, code: "enrolment-after-events", events }] };
}

function tryCorrection({ actor }: Correct, chart: Chart, correction: Correction): Tried<CorrectionOnRecord> {
  const { target, record, personal } = correction;
  const { type } = target;
  return foldAgain(chart, record, ({ outcome, takenBy, setAside, ...states }) => ({
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
  farBack: Rule,
): Refusal | undefined {
  const { enrolment, pathway } = chart;
  const { was, becomes, target } = correction;
  const { stored } = tried.standing;
  const isActiveElsewhere = enrolment.elsewhere.some(({ until }) => until === null);
  if (enrolment.row.status === "exited" && stored.status !== "exited" && isActiveElsewhere) {
    return { name: "another-active-enrolment" };
  }
  const pointer = command.occurredAt === undefined ? "/strikeOut" : "/occurredAt";
  const shared =
    isLonger(stored, enrolment.row.stored) && overlap(stored, enrolment.elsewhere, pointer, chart.calendar);
  if (shared) return shared;
  const urgent = [was, becomes].some((fact) => fact && isNeverAskedBack(pathway, target.type, fact.data));
  const { occurredAt } = correction.record;
  // A time that stands as it stood was asked about when it came in.
  const isNewTime = occurredAt !== presentOf(target, foldRecordsOf(enrolment)).occurredAt;
  const about: objections.InQuestion = {
    type: target.type,
    ...(command.data && becomes && { data: { fact: becomes, log: tried.standing.log } }),
    ...(isNewTime && { occurredAt }),
    isSettled: urgent || command.confirm === true,
  };
  const { demanded, confirm } = objections.questions(chart, farBack, about, "");
  if (demanded) return demanded;
  if (confirm.length > 0) return { name: "confirmation-required", confirm };
  const own = ownAside(chart, correction, tried.outcome);
  if (own.length === 0 && (tried.aside.length === 0 || urgent)) return undefined;
  if (command.acceptConsequences) return undefined;
  const { setAside } = tried.record.detail;
  return { name: "consequences", setAside, changes: changesNow(chart, tried.standing, setAside) };
}

function accept(command: Correct, chart: Chart, tried: Tried<CorrectionOnRecord>): Decided {
  const { ledger, record, standing } = tried;
  const snapshot = snapshotAfter(chart, ledger, standing);
  const changes = changesNow(chart, standing, record.detail.setAside);
  const claims = endedClaims(ledger.records);
  const answer: Answer = { kind: "corrected", isNew: true, changes, claims, snapshot };
  return { answer, made: command.dryRun ? null : { ledger, standing, recordSeq: record.seq } };
}
