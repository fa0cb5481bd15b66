import {
  advance,
  refold,
  type Fact,
  type FoldRecord,
  type Instant,
  type Outcome,
  type Standing,
  type Stored,
} from "../../core/index.js";
import { foldRecordsOf } from "../model/loaded.js";
import type { Aside, Because, CorrectionOnRecord, Draft, EventOnRecord } from "../model/records.js";
import { eventDraft, eventRecordOf, factOf, type Candidate, type EventDraft } from "./candidate.js";
import { openLedger } from "./decided.js";
import { follow } from "./effects.js";
import type { Ledger } from "./ledger.js";
import type { Chart } from "./chart.js";
import type { Setting } from "../model/rules.js";

/** What became of an event or a correction that was tried at its place in time; the ledger holds what it would write. */
export interface Tried<OnRecord = EventOnRecord> {
  ledger: Ledger;
  outcome: Outcome;
  record: OnRecord;
  /** The event that it is about, in its place; absent where it is struck out. */
  fact: Fact | undefined;
  standing: Standing;
  /** Other events that take no part any more. */
  aside: Aside[];
}

/** Lets time pass: every timer due by then fires (E3). */
export function passTime(ledger: Ledger, setting: Setting, standing: Standing, until: Instant): Standing {
  if (!isDue(standing.stored, until)) return standing;
  const step = advance(setting.pathway, setting.calendar, standing, null, until);
  follow(ledger, setting.pathway, step.effects, null);
  return step;
}

/** Where an enrolment stands at that instant if nothing else is recorded. */
export function standingAt(setting: Setting, standing: Standing, until: Instant): Standing {
  if (!isDue(standing.stored, until)) return standing;
  return advance(setting.pathway, setting.calendar, standing, null, until);
}

/** Where it stands at an instant behind everything on record; undefined for an earlier one, which only a fold tells. */
export function standingBehind(chart: Chart, at: Instant): Standing | undefined {
  return standsBehind(chart, at) ? standingAt(chart, chart.standing, at) : undefined;
}

function standsBehind({ standing, newestAt }: Chart, at: Instant): boolean {
  return at >= standing.stored.position && at >= newestAt;
}

function isDue(stored: Stored, until: Instant): boolean {
  return stored.timers.some((timer) => timer.dueAt <= until);
}

/**
 * Applies an event at or after everything that is on record, set aside or not. Where nothing takes it, what comes back is
 * what keeping it aside would write.
 */
export function takeInOrder(
  ledger: Ledger,
  setting: Setting,
  standing: Standing,
  candidate: Candidate,
): { outcome: Outcome; before: Standing; after: Standing; record: EventOnRecord; fact: Fact } {
  const { pathway, calendar } = setting;
  const before = passTime(ledger, setting, standing, candidate.at);
  const fact = factOf(candidate, ledger.nextSeq);
  const step = advance(pathway, calendar, before, fact, candidate.at);
  const { outcome } = step;
  const detail = outcome.kind === "refused" ? { takenBy: [], keptAside: true } : { takenBy: outcome.takenBy };
  const record = ledger.append(
    eventDraft(candidate, { stateBefore: before.stored.value, stateAfter: step.stored.value, detail }),
  );
  follow(ledger, pathway, step.effects, null);
  return { outcome, before, after: step, record, fact };
}

/**
 * Tries a reported event: goes on from where the enrolment stands where its place allows that, else folds it again.
 * Where nothing takes it, what comes back is what keeping it aside would write.
 */
export function tryEvent(chart: Chart, candidate: Candidate): Tried {
  if (standsBehind(chart, candidate.at)) {
    const ledger = openLedger(chart);
    const { outcome, record, fact, after } = takeInOrder(ledger, chart, chart.standing, candidate);
    return { ledger, outcome, record, fact, standing: passTime(ledger, chart, after, chart.now), aside: [] };
  }
  const added = eventRecordOf(candidate, chart.enrolment.seq + 1, chart.now);
  return foldAgain(chart, added, ({ outcome, takenBy, setAside, ...states }): EventDraft => {
    const keptAside = outcome.kind === "refused" && { keptAside: true };
    return eventDraft(candidate, { ...states, detail: { takenBy, setAside, ...keptAside } });
  });
}

/** What a fold with one more record has brought, for the record itself. */
export interface FoldedAgain extends Pick<EventOnRecord, "stateBefore" | "stateAfter"> {
  outcome: Outcome;
  takenBy: string[];
  setAside: Aside[];
}

/** Folds the whole history again with the next record, and executes what differs. */
export function foldAgain<Written extends Draft & { kind: "event" | "correction" }>(
  chart: Chart,
  added: FoldRecord,
  draft: (brought: FoldedAgain) => Written,
): Tried<Extract<EventOnRecord | CorrectionOnRecord, { kind: Written["kind"] }>> {
  const { pathway, calendar, enrolment, now } = chart;
  const ledger = openLedger(chart);
  const about = added.kind === "event" ? added.seq : added.corrects;
  const step = refold(pathway, calendar, [...foldRecordsOf(enrolment), added], now, ledger.known(), about);
  const { outcome } = step;
  const aside = newlyAside(chart, step.stored, about);
  const record = ledger.append(
    draft({
      ...{ stateBefore: enrolment.row.stored.value, stateAfter: step.stored.value, outcome },
      ...{ takenBy: outcome.kind === "accepted" ? outcome.takenBy : [], setAside: aside },
    }),
  ) as Extract<EventOnRecord | CorrectionOnRecord, { kind: Written["kind"] }>;
  const because: Because = { kind: record.kind, seq: record.seq, type: record.type };
  follow(ledger, pathway, step.effects, because);
  const fact = step.log.facts().find((event) => event.seq === about);
  return { ledger, outcome, record, fact, standing: step, aside };
}

function newlyAside(chart: Chart, after: Stored, about: number): Aside[] {
  const before = new Set(chart.standing.stored.setAside);
  return after.setAside
    .filter((seq) => seq !== about && !before.has(seq))
    .map((seq) => {
      const { type, at } = chart.effective.find((event) => event.seq === seq)!;
      return { seq, type, occurredAt: at };
    });
}
