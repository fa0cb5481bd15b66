import {
  effectiveEvents,
  makeLog,
  type Calendar,
  type Fact,
  type FoldRecord,
  type Instant,
  type Pathway,
  type Standing,
  type Stored,
} from "../../core/index.js";
import { foldRecordsOf, type Loaded, type LoadedEnrolment, type Pin } from "../model/loaded.js";

/** What an enrolment is ruled by: one version of a pathway and one of its site's calendar. */
export interface Rules {
  pathway: Pathway;
  calendar: Calendar;
}

/** What a new enrolment is to be pinned to; null: no such version is published, or there is no such site. */
export interface Choice {
  pathway: Pathway | null;
  calendar: { version: number; calendar: Calendar } | null;
}

/** Everything that one command is decided from, besides itself. Values and pure functions only. */
export interface Situation {
  loaded: Loaded;
  /** For a new enrolment. */
  choice: Choice;
  /** What rules an enrolment by a pin of its own. */
  rulesOf(pin: Pin): Rules;
  /** The engine's clock under the lock, never before the enrolment's newest record. */
  now: Instant;
  /** Ids for what the command may bring into being. */
  ids: { enrolment: string; patient: string };
}

/** Where events find their place: the rules, and the present. */
export interface Setting extends Rules {
  now: Instant;
}

/** An enrolment under its lock with what rules it. */
export interface Chart extends Setting {
  enrolment: LoadedEnrolment;
  standing: Standing;
  /** All effective events, those set aside included, in order. */
  readonly effective: readonly Fact[];
  /** The instant of the last of them. */
  readonly newestAt: Instant;
}

export function openChart(enrolment: LoadedEnrolment, setting: Setting): Chart {
  const { pathway, calendar } = setting;
  const { kept } = enrolment;
  let effective: readonly Fact[] | undefined;
  const all = (): readonly Fact[] => (effective ??= effectiveEvents(foldRecordsOf(kept), calendar));
  let { position } = kept;
  if (position?.pathway !== pathway || position.calendar !== calendar) {
    position = { pathway, calendar, standing: standingOf(pathway, kept.row.stored, all()) };
    kept.position = position;
  }
  const { standing } = position;
  return {
    ...setting,
    enrolment,
    standing,
    get effective() {
      return standing.stored.setAside.length === 0 ? standing.log.facts() : all();
    },
    get newestAt() {
      const last = standing.stored.setAside.length === 0 ? standing.log.last() : all().at(-1);
      return last?.at ?? -Infinity;
    },
  };
}

function standingOf(pathway: Pathway, stored: Stored, effective: readonly Fact[]): Standing {
  const aside = new Set(stored.setAside);
  const taken = effective.filter((event) => !aside.has(event.seq));
  return { stored, log: makeLog(pathway, taken) };
}

/** What rules now: the row carries it. */
export function newestPin({ row, seq }: LoadedEnrolment): Pin {
  return { ...row, enrolmentId: row.id, seq };
}

/** The pin that ruled when a record was written (fold.md F1). */
export function pinAt(pins: readonly Pin[], seq: number): Pin {
  const pin = pins.findLast((each) => each.seq <= seq) ?? pins[0];
  if (!pin) throw new Error("A history without a pin: nobody knows what rules it.");
  return pin;
}

/** The effective events with one more record, and the one that it is about. */
export function withRecord(chart: Chart, record: FoldRecord): { effective: Fact[]; fact: Fact | undefined } {
  const effective = effectiveEvents([...foldRecordsOf(chart.enrolment), record], chart.calendar);
  const seq = record.kind === "event" ? record.seq : record.corrects;
  return { effective, fact: effective.find((event) => event.seq === seq) };
}
