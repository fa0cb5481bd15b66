/**
 * A key that was used before is answered from the record as it was known then: the same functions that made the answer
 * make it again, from the records up to the newest of that moment, at its instant, under the versions that ruled then.
 */
import { effectiveEvents, fold, standingOf as standingOfRun, type Standing } from "../../core/index.js";
import type { Answer } from "../model/answer.js";
import type { Keyed } from "../model/commands.js";
import { foldRecordsOf, type LoadedEnrolment } from "../model/loaded.js";
import type { IdempotencyRow } from "../model/rows.js";
import type { HistoryRecord, PersonOnRecord } from "../model/records.js";
import { bookOfRecords, bookOfRows, snapshotOf, type Picture } from "../views/snapshot.js";
import { changesOf, endedClaims, reportedAnswer } from "./answers.js";
import { retell } from "./clear-refusal.js";
import { openChart } from "./chart.js";
import { assertNever } from "./effects.js";
import { standingBehind } from "./place.js";
import { personsAnswer, personsNow } from "./same-person.js";
import { pinAt, type Rules } from "../model/rules.js";
import type { Situation } from "./situation.js";

export function keyReused(found: IdempotencyRow, requestHash: Buffer): boolean {
  return !found.requestHash.equals(requestHash);
}

export function replay(command: Keyed, found: IdempotencyRow, { loaded, choice, rulesOf }: Situation): Answer {
  const { enrolment, replayed } = loaded;
  const rulesAt = (seq: number): Rules => rulesOf(pinAt(enrolment!.pins, seq));
  const { refusal } = found;
  if (refusal) {
    const pathway = enrolment ? rulesAt(found.seq).pathway : choice.pathway;
    return { kind: "refused", refusal: pathway ? retell(refusal, command, pathway, enrolment) : refusal };
  }
  if (!enrolment || !replayed) throw new Error("The record behind an idempotency key is missing.");
  const setting = rulesAt(found.seq);
  const picture = pictureOf(enrolment, setting, replayed, found);
  const snapshot = snapshotOf(picture);
  const recordOf = <Kind extends "event" | "correction">(kind: Kind) =>
    replayed.find(({ seq, kind: of }) => seq === found.recordSeq && of === kind) as Extract<
      HistoryRecord,
      { kind: Kind }
    >;
  const claims = () => endedClaims(replayed.filter(({ seq }) => seq > found.recordSeq! && seq <= found.seq));
  switch (command.kind) {
    case "enrol": {
      const { differs = [], alike = [] } = recordOf("event").detail;
      return { kind: "enrolled", differs, alike, snapshot };
    }
    case "report":
      return reportedAnswer(setting.pathway, recordOf("event"), picture.texts, snapshot, claims());
    case "correct": {
      if (found.recordSeq === null) {
        const standing = standingOf(setting, enrolment, found.seq, found.answeredAt);
        return { kind: "corrected", isNew: false, changes: changesOf(standing, standing, []), claims: [], snapshot };
      }
      const before = standingOf(rulesAt(found.recordSeq - 1), enrolment, found.recordSeq - 1, found.answeredAt);
      const after = picture.standing ?? standingOf(setting, enrolment, found.seq, found.answeredAt);
      const { setAside } = recordOf("correction").detail;
      return {
        kind: "corrected",
        isNew: true,
        changes: changesOf(before, after, setAside),
        claims: claims(),
        snapshot,
      };
    }
    case "operateTask":
      return { kind: "task", taskId: command.taskId, snapshot };
    case "amendPatient":
      return { kind: "patient", snapshot };
    case "joinPatients":
    case "partPatient": {
      if (found.told) return found.told;
      const made = replayed.find(({ seq }) => seq === found.recordSeq) as PersonOnRecord | undefined;
      // A key of a time when it was kept nowhere that it was so already.
      return personsAnswer(made?.data.persons ?? personsNow(loaded.persons!, command.patientId));
    }
    case "changeResponsible":
      return { kind: "responsible", isChanged: found.recordSeq !== null, snapshot };
    default:
      return assertNever(command);
  }
}

function pictureOf(
  enrolment: LoadedEnrolment,
  { pathway, calendar }: Rules,
  history: HistoryRecord[],
  { seq, answeredAt }: IdempotencyRow,
): Picture {
  // Nothing came since: the enrolment stands as it stood then.
  const isNewest = seq === enrolment.seq;
  const setting = { pathway, calendar, now: answeredAt };
  return {
    ...{ row: enrolment.row, pathway, calendar, seq, asOf: answeredAt },
    records: () => foldRecordsOf(enrolment).filter((record) => record.seq <= seq),
    tasks: () => (isNewest ? bookOfRows(enrolment.tasks) : bookOfRecords(history)),
    texts: (of) => enrolment.reveal(of),
    standing: isNewest ? standingBehind(openChart(enrolment, setting), answeredAt) : undefined,
  };
}

/** Where the fold stood at an instant, from the records up to one of them. */
function standingOf({ pathway, calendar }: Rules, enrolment: LoadedEnrolment, seq: number, asOf: number): Standing {
  const records = foldRecordsOf(enrolment).filter((record) => record.seq <= seq);
  const { run, setAside } = fold(pathway, calendar, effectiveEvents(records, calendar), asOf);
  return standingOfRun(run, setAside)!;
}
