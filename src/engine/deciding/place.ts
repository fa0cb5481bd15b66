import {
  advance,
  isInOrder,
  refold,
  type Fact,
  type FoldRecord,
  type Instant,
  type Outcome,
  type Standing,
  type Stored,
} from "../../core/index.js";
import type { NewRecord } from "../model/decision.js";
import type { Because } from "../model/loaded.js";
import { eventDraft, eventRecordOf, factOf, type Candidate } from "./candidate.js";
import { follow } from "./effects.js";
import type { Draft, Ledger } from "./ledger.js";
import type { Case, Ground } from "./situation.js";

/** An event on record that takes no part. */
export interface Aside {
  seq: number;
  type: string;
  occurredAt: Instant;
}

/** What became of an event or a correction that was tried at its place in time; the ledger holds what it would write. */
export interface Tried {
  ledger: Ledger;
  outcome: Outcome;
  record: NewRecord;
  /** The event that it is about, in its place; absent where it is struck out. */
  fact: Fact | undefined;
  standing: Standing;
  /** Other events that take no part any more. */
  aside: Aside[];
}

/** Lets time pass: every timer due by then fires (E3). */
export function passTime(ledger: Ledger, ground: Ground, standing: Standing, until: Instant): Standing {
  if (!isDue(standing.stored, until)) return standing;
  const step = advance(ground.pathway, ground.calendar, standing, null, until);
  follow(ledger, ground.pathway, step.effects, null);
  return step;
}

/** Where an enrolment stands at that instant if nothing else is recorded. */
export function standingAt(ground: Ground, standing: Standing, until: Instant): Standing {
  if (!isDue(standing.stored, until)) return standing;
  return advance(ground.pathway, ground.calendar, standing, null, until);
}

function isDue(stored: Stored, until: Instant): boolean {
  return stored.timers.some((timer) => timer.dueAt <= until);
}

/** Applies an event at or after everything that is on record; a refusal leaves nothing but time passed. */
export function takeInOrder(
  ledger: Ledger,
  ground: Ground,
  standing: Standing,
  candidate: Candidate,
): { outcome: Outcome; before: Standing; after: Standing; record: NewRecord | null; fact: Fact } {
  const { pathway, calendar } = ground;
  const before = passTime(ledger, ground, standing, candidate.at);
  const fact = factOf(candidate, ledger.nextSeq);
  const step = advance(pathway, calendar, before, fact, candidate.at);
  if (step.outcome.kind === "refused") return { outcome: step.outcome, before, after: before, record: null, fact };
  const states = { stateBefore: before.stored.value, stateAfter: step.stored.value };
  const record = ledger.append(eventDraft(candidate, { ...states, detail: { takenBy: step.outcome.takenBy } }));
  follow(ledger, pathway, step.effects, null);
  return { outcome: step.outcome, before, after: step, record, fact };
}

/**
 * Tries a reported event: goes on from where the enrolment stands where its place allows that, else folds it again.
 * Where nothing takes it, what comes back is what keeping it aside would write.
 */
export function tryEvent(open: () => Ledger, kase: Case, candidate: Candidate): Tried {
  if (isInOrder(kase.standing.stored, kase.effective, candidate.at)) {
    const ledger = open();
    const { outcome, record, fact, after } = takeInOrder(ledger, kase, kase.standing, candidate);
    if (record) return { ledger, outcome, record, fact, standing: passTime(ledger, kase, after, kase.now), aside: [] };
  }
  const ledger = open();
  const added = eventRecordOf(candidate, ledger.nextSeq, kase.now);
  const because: Because = { kind: "event", seq: added.seq, type: candidate.type };
  return foldAgain(ledger, kase, added, because, (more) => eventDraft(candidate, more));
}

/** Folds the whole record again with one more, and executes what differs. Nothing may stand in the ledger yet. */
export function foldAgain(
  ledger: Ledger,
  kase: Case,
  added: FoldRecord,
  because: Because,
  draft: (more: Partial<NewRecord>) => Draft,
): Tried {
  const { pathway, calendar, enrolment, now } = kase;
  const about = added.kind === "event" ? added.seq : added.corrects;
  const step = refold(pathway, calendar, [...enrolment.records, added], now, ledger.known(), about);
  const aside = newlyAside(kase, step.stored, about);
  const takenBy = step.outcome.kind === "accepted" ? step.outcome.takenBy : [];
  const states = { stateBefore: enrolment.row.stored.value, stateAfter: step.stored.value };
  const record = ledger.append(
    draft({ ...states, detail: { takenBy, setAside: aside.map((event) => ({ ...event })) } }),
  );
  follow(ledger, pathway, step.effects, because);
  const fact = step.log.facts().find((event) => event.seq === about);
  return { ledger, outcome: step.outcome, record, fact, standing: step, aside };
}

function newlyAside(kase: Case, after: Stored, about: number): Aside[] {
  const before = new Set(kase.standing.stored.setAside);
  return after.setAside
    .filter((seq) => seq !== about && !before.has(seq))
    .map((seq) => {
      const { type, at } = kase.effective.find((event) => event.seq === seq)!;
      return { seq, type, occurredAt: at };
    });
}
