import {
  ENROLLED,
  EXITED,
  type CorrectionRecord,
  type EventRecord,
  type Fact,
  type JsonObject,
  type Outcome,
} from "../../core/index.js";
import type { Correct } from "../model/commands.js";
import { faultAt, invalidTime, type Refusal } from "../model/refusals.js";
import { changesNow, snapshotAfter } from "./answers.js";
import { isRefused, refused, roleOf, type Decided } from "./decided.js";
import { judgeData, mayCorrect, notAllowed } from "./judge.js";
import * as objections from "./objections.js";
import { cutPersonal } from "../model/personal.js";
import { entryOf } from "../model/loaded.js";
import type { Aside, CorrectionOnRecord } from "../model/records.js";
import { foldAgain, type Tried } from "./place.js";
import { isNeverAskedBack } from "./red-flags.js";
import { refuse } from "./refuse.js";
import { withRecord, type Chart } from "./chart.js";
import { isBeforeBirth, readTime } from "./times.js";

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
  if (again) return refused(again);
  const target = entryOf(chart.enrolment, command.corrects)?.record;
  if (target?.kind !== "event") return refused({ name: "not-found", what: "event", seq: command.corrects });
  const correction = judge(command, chart, target);
  if (isRefused(correction)) return refuseIt(command, chart, target, correction.refusal);
  const tried = tryCorrection(command, chart, correction);
  const refusal = objectionTo(command, chart, correction, tried);
  return refusal ? refuseIt(command, chart, target, refusal) : accept(command, chart, tried);
}

function refuseIt(command: Correct, chart: Chart, { type }: EventRecord, refusal: Refusal): Decided {
  const { kind: _, actor, idempotency: __, enrolmentId: ___, dryRun, corrects, ...body } = command;
  return refuse(chart, { type, actor, corrects, dryRun, body }, refusal);
}

function judge(command: Correct, chart: Chart, target: EventRecord): Correction | { refusal: Refusal } {
  const { pathway } = chart;
  const { type } = target;
  const { occurredAt, data, strikeOut, reason, actor } = command;
  if (occurredAt === undefined && data === undefined && strikeOut === undefined) {
    return { refusal: faultAt("", "empty-correction") };
  }
  if (reason.trim() === "") return { refusal: faultAt("/reason", "correction-without-reason") };
  if (type === ENROLLED && strikeOut) {
    const instead = objections.acceptedInstead(pathway, chart.standing.stored.exit ? [] : [EXITED], actor.roles);
    return { refusal: { name: "event-refused", why: "enrolmentStays", ...instead } };
  }
  const faulty = data && judgeData(pathway, type, data, "");
  if (faulty) return { refusal: faulty };
  if (!mayCorrect(chart, target, actor)) return { refusal: notAllowed(pathway, type, "correct") };
  const read = occurredAt === undefined ? undefined : readTime(occurredAt, chart.now, chart.calendar, "/occurredAt");
  if (read && isRefused(read)) return read;
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
  return misplaced ? { refusal: misplaced } : correction;
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
): Refusal | undefined {
  const { enrolment, pathway } = chart;
  const { was, becomes, target } = correction;
  if (enrolment.row.status === "exited" && tried.standing.stored.status !== "exited" && enrolment.activeElsewhere) {
    return { name: "another-active-enrolment" };
  }
  const urgent = [was, becomes].some((fact) => fact && isNeverAskedBack(pathway, target.type, fact.data));
  if (command.data && becomes) {
    const { demanded, confirm } = objections.asked(chart, becomes, tried.standing.log, "");
    if (demanded) return demanded;
    if (confirm.length > 0 && !command.confirm && !urgent) return { name: "confirmation-required", confirm };
  }
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
  const answer = { kind: "corrected", changes, snapshot } as const;
  return { answer, made: command.dryRun ? null : { ledger, standing, recordSeq: record.seq } };
}
