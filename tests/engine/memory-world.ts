import { isDeepStrictEqual } from "node:util";
import { expect } from "@jest/globals";
import {
  effectiveEvents,
  fold,
  makeCalendar,
  warningsOf,
  type CalendarVersion,
  type Pathway,
  standingOf,
  type Standing,
  type Stored,
  type StoredTimer,
  type Warning,
} from "../../src/core/index.js";
import { Engine } from "../../src/engine/engine.js";
import type { Answer } from "../../src/engine/model/answer.js";
import type { Actor, Command, Correct, Enrol, Report, Reported } from "../../src/engine/model/commands.js";
import { foldRecordsOf, type Kept } from "../../src/engine/model/loaded.js";
import type { HistoryRecord } from "../../src/engine/model/records.js";
import type { TimerRow } from "../../src/engine/model/rows.js";
import { Rulebook } from "../../src/engine/rulebook.js";
import { recordOf } from "../../src/engine/storage/record-codec.js";
import { PatientVault } from "../../src/engine/storage/patient-vault.js";
import { Sealing } from "../../src/platform/sealing.js";
import { MemoryStore } from "./memory-store.js";

const LONDON: CalendarVersion = {
  timeZone: "Europe/London",
  workingDays: [1, 2, 3, 4, 5],
  holidays: ["2026-04-03"],
};

const vault = new PatientVault(new Sealing(Buffer.alloc(32, 7)));

/** Somebody who may do everything. */
export const EVERYBODY: Actor = { person: "clinician", roles: ["coordinator", "clinician", "lead", "system"] };

export interface MemoryWorldOptions {
  calendar?: CalendarVersion;
  reading?: "kept" | "afresh";
}

/** The engine in memory, with one pathway, one site and a clock that stands still. */
export class MemoryWorld {
  readonly store: MemoryStore;
  readonly engine: Engine;
  readonly calendar;
  private keys = 0;

  constructor(
    readonly pathway: Pathway,
    public now: number,
    { calendar = LONDON, reading }: MemoryWorldOptions = {},
  ) {
    this.store = new MemoryStore(vault, reading);
    this.calendar = makeCalendar(calendar);
    const rulebook = new Rulebook(
      {
        newest: async (id) => (id === pathway.id ? { version: pathway.version } : undefined),
        pathway: async (id, version) => (id === pathway.id && version === pathway.version ? pathway : undefined),
      },
      { newest: async () => ({ ...calendar, version: 1 }), version: async () => calendar },
    );
    this.engine = new Engine(this.store, rulebook, { now: () => this.now });
  }

  one(command: Command): Promise<Answer> {
    return this.engine.execute(command);
  }

  enrolCommand(more: Partial<Enrol> = {}): Enrol {
    const name = `patient ${++this.keys}`;
    return {
      ...{ kind: "enrol", actor: EVERYBODY, idempotency: this.key(), pathway: this.pathway.id, site: "main" },
      ...{ events: [], patient: { identifiers: [{ system: "mrn", value: name }], familyName: "Doe", givenName: "Jo" } },
      ...more,
      patient: { ...{ familyName: "Doe", givenName: "Jo", birthDate: "1950" }, ...patientOf(name), ...more.patient },
    };
  }

  /** Gives the enrolment's id. */
  async enrol(more: Partial<Enrol> = {}): Promise<string> {
    const answer = await this.one(this.enrolCommand(more));
    if (answer.kind !== "enrolled") throw new Error(JSON.stringify(answer));
    return answer.snapshot.id;
  }

  reportCommand(enrolmentId: string, event: Reported, more: Partial<Report> = {}): Report {
    return { kind: "report", actor: EVERYBODY, idempotency: this.key(), enrolmentId, event, ...more };
  }

  correctCommand(enrolmentId: string, corrects: number, more: Partial<Correct> = {}): Correct {
    const reason = "Mistyped";
    return { kind: "correct", actor: EVERYBODY, idempotency: this.key(), enrolmentId, corrects, reason, ...more };
  }

  wake(enrolmentId: string): Promise<Answer> {
    return this.one({ kind: "wake", enrolmentId, by: "sweep" });
  }

  key(): Enrol["idempotency"] {
    const key = `key ${++this.keys}`;
    return { route: "POST /test", key, request: key };
  }

  history(id: string): HistoryRecord[] {
    return this.store.records(id).map(recordOf);
  }

  /** The fold of a whole history from nothing, as far as the row was projected. */
  folded(kept: Kept): Standing & { fired: StoredTimer[]; warnings: Warning[] } {
    const events = effectiveEvents(foldRecordsOf(kept), this.calendar);
    const { run, setAside } = fold(this.pathway, this.calendar, events, kept.row.projectedTo);
    const fired = run.effects.flatMap((effect) => (effect.kind === "fireTimer" ? [effect.timer] : []));
    const standing = standingOf(run, setAside)!;
    return { ...standing, fired, warnings: warningsOf(this.pathway, this.calendar, standing) };
  }

  /**
   * The rows of an enrolment are what a fold of its whole history gives, and so is the position that the engine goes on
   * from; what it has kept is what lies in the tables, and what the fold fires by now is on record. Gives each of those
   * firings.
   */
  expectSound(id: string): StoredTimer[] {
    const kept = this.store.kept(id);
    const written = this.store.readAfresh(id);
    const { fired, warnings, ...folded } = this.folded(written);
    const { stored } = folded;
    const { row, tasks, timers, seq, lastRecordedAt } = kept;
    expectSame(row.stored, stored);
    expectSame(row.warnings, warnings);
    if (kept.position) expectSame(partsOf(kept.position.standing), partsOf(folded));
    const { status, enrolledAt, exit } = stored;
    expectSame([row.status, row.enrolledAt, row.exitReason], [status, enrolledAt, exit?.reason ?? null]);
    const open = tasks.filter((task) => task.status === "open");
    expectSame(open.map(taskOf).sort(inOrder), stored.tasks.map(taskOf).sort(inOrder));
    const isHeld = ({ state, name }: TimerRow): boolean =>
      status === "paused" && !this.pathway.timer(state, name).runsWhilePaused;
    const running = timers.filter((timer) => timer.status === "pending" || timer.status === "held");
    expectSame(running.map(timerOf).sort(inOrder), stored.timers.map(timerOf).sort(inOrder));
    for (const timer of running) expectSame(timer.status, isHeld(timer) ? "held" : "pending");
    if (status === "exited") expectSame([open, running], [[], []]);
    const onRecord = countBy(kept.firings.map(armingOf));
    for (const [arming, times] of countBy(fired.map(armingOf))) {
      expectSame([arming, Math.min(onRecord.get(arming) ?? 0, times)], [arming, times]);
    }
    expectSame({ ...kept, position: null }, written);
    const recordedAt = this.store.recordedAt(id);
    expectSame(recordedAt.length, seq);
    expectSame(recordedAt.at(-1), lastRecordedAt);
    expectSame(
      recordedAt,
      [...recordedAt].sort((a, b) => a - b),
    );
    return fired;
  }
}

/** As `toEqual`, and fast where they are. */
export function expectSame(received: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(received, expected)) expect(received).toEqual(expected);
}

function patientOf(name: string): Pick<Enrol["patient"], "identifiers"> {
  return { identifiers: [{ system: "mrn", value: name }] };
}

function partsOf({ stored, log, setAside }: Standing): object {
  return { stored, facts: log.facts(), setAside };
}

function taskOf({ key, openedAt, nth, dueAt, reminders, escalations }: Stored["tasks"][number]): object {
  return { key, openedAt, nth, dueAt, reminders, escalations };
}

function timerOf({ state, name, startedAt, dueAt }: StoredTimer): object {
  return { state, name, startedAt, dueAt };
}

/** One arming of a timer: firings match by due instant, whatever moved its start. */
export function armingOf({ state, name, dueAt }: StoredTimer): string {
  return `${state} ${name} ${dueAt}`;
}

function inOrder(a: object, b: object): number {
  const [one, two] = [JSON.stringify(a), JSON.stringify(b)];
  return one < two ? -1 : Number(one > two);
}

export function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
