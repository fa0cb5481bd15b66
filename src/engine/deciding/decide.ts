/**
 * One command, one decision: pure, from what was loaded under the lock.
 *
 * E3 Before an event at instant t, all timers due by t have fired: `place.ts`.
 * E5 An idempotency key answers the same request with the same outcome, for ever: here and in `replay.ts`.
 * E6 What is late or corrected is folded again, and only what differs is written: `place.ts`, `effects.ts`.
 * E7 An exit closes everything that is open: it comes out of the fold like any other effect.
 */
import { warningsOf, type Standing, type Warning } from "../../core/index.js";
import type { Answer } from "../model/answer.js";
import { isKeyed, type Command } from "../model/commands.js";
import type { Decision, Write } from "../model/decision.js";
import type { LoadedEnrolment } from "../model/loaded.js";
import type { IdempotencyRow } from "../model/rows.js";
import { decideAmendPatient } from "./amend-patient.js";
import { decideChangeResponsible } from "./change-responsible.js";
import { clearRefusal } from "./clear-refusal.js";
import { decideCorrect } from "./correct.js";
import { refused, type Decided } from "./decided.js";
import { assertNever } from "./effects.js";
import { decideEnrol } from "./enrol.js";
import { decideOperateTask } from "./operate-task.js";
import { keyReused, replay } from "./replay.js";
import { decideRepair } from "./repair.js";
import { decideReport } from "./report.js";
import { newestPin, type Rules, type Setting } from "../model/rules.js";
import { decideJoinPatients, decidePartPatient } from "./same-person.js";
import { openChart } from "./chart.js";
import type { Situation } from "./situation.js";
import { decideWake } from "./wake.js";

export function decide(command: Command, situation: Situation): Decision {
  const { loaded } = situation;
  const { idempotency } = loaded;
  const found = idempotency?.found;
  if (found && isKeyed(command)) {
    if (keyReused(found, idempotency.requestHash)) return nothing({ kind: "refused", refusal: { name: "key-reused" } });
    return nothing(replay(command, found, situation));
  }
  const { answer, made, also } = decideAnew(command, situation);
  if (!made) return { ...nothing(answer), remember: keyRow(command, situation, answer, null) };
  const { ledger, standing, recordSeq, projectedTo } = made;
  const { stored, log, setAside } = standing;
  const rules = rulesOf(situation)!;
  const write: Write = {
    ...ledger.write(standing, warningsAfter(rules, standing, loaded.enrolment), projectedTo),
    idempotency: keyRow(command, situation, answer, { ledger, recordSeq }),
    position: { ...rules, standing: { stored, log, setAside } },
  };
  return { answer, write, ...(also && { also }), remember: null, committed: ledger.committed() };
}

/** Where nothing has moved they are as they were. */
function warningsAfter(
  { pathway, calendar }: Rules,
  standing: Standing,
  enrolment: LoadedEnrolment | null,
): readonly Warning[] {
  const before = enrolment?.kept.position?.standing === standing ? enrolment.row.warnings : null;
  return before ?? warningsOf(pathway, calendar, standing);
}

function nothing(answer: Answer): Decision {
  return { answer, write: null, remember: null, committed: null };
}

function decideAnew(command: Command, situation: Situation): Decided {
  const { loaded } = situation;
  if (command.kind === "enrol") return decideEnrol(command, situation);
  if (command.kind === "joinPatients") return decideJoinPatients(command, situation);
  if (command.kind === "partPatient") return decidePartPatient(command, situation);
  if (!loaded.enrolment) return refused({ name: "not-found", what: "enrolment" });
  const chart = openChart(loaded.enrolment, settingOf(situation, loaded.enrolment));
  switch (command.kind) {
    case "report":
      return decideReport(command, chart, situation.farBack);
    case "correct":
      return decideCorrect(command, chart, situation.farBack);
    case "wake":
      return decideWake(command, chart);
    case "repair":
      return decideRepair(chart);
    case "operateTask":
      return decideOperateTask(command, chart);
    case "amendPatient":
      return decideAmendPatient(command, chart, situation);
    case "changeResponsible":
      return decideChangeResponsible(command, chart);
    default:
      return assertNever(command);
  }
}

function settingOf(situation: Situation, enrolment: LoadedEnrolment): Setting {
  return { ...situation.rulesOf(newestPin(enrolment)), now: situation.now };
}

/** What the decision is made under; null where somebody enrols on what is not there. */
function rulesOf({ loaded, choice, rulesOf: rulesBy }: Situation): Rules | null {
  if (loaded.enrolment) return rulesBy(newestPin(loaded.enrolment));
  return choice.pathway && choice.calendar && { pathway: choice.pathway, calendar: choice.calendar.calendar };
}

/** What the key is to be answered with from now on. A dry run has no key; what names nothing is looked for again. */
function keyRow(
  command: Command,
  situation: Situation,
  answer: Answer,
  made: Pick<NonNullable<Decided["made"]>, "ledger" | "recordSeq"> | null,
): IdempotencyRow | null {
  const { loaded, now } = situation;
  if (!isKeyed(command) || !command.idempotency || !loaded.idempotency) return null;
  const refusal = answer.kind === "refused" ? answer.refusal : null;
  if (refusal?.name === "not-found") return null;
  // No record says it.
  const told = answer.kind === "persons" && !made ? answer : null;
  const { route, key } = command.idempotency;
  return {
    person: command.actor.person,
    route,
    key,
    requestHash: loaded.idempotency.requestHash,
    enrolmentId: made?.ledger.enrolmentId ?? loaded.enrolment?.row.id ?? null,
    seq: made?.ledger.seq ?? loaded.enrolment?.seq ?? 0,
    recordSeq: made?.recordSeq ?? null,
    answeredAt: now,
    told,
    refusal: refusal && clearRefusal(refusal, rulesOf(situation)?.pathway ?? situation.choice.pathway),
  };
}
