import {
  effectiveEvents,
  makeLog,
  type Fact,
  type FoldRecord,
  type Instant,
  type Pathway,
  type Standing,
  type Stored,
} from "../../core/index.js";
import { foldRecordsOf, type LoadedEnrolment } from "../model/loaded.js";
import type { Setting } from "../model/rules.js";

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

/** The effective events with one more record, and the one that it is about. */
export function withRecord(chart: Chart, record: FoldRecord): { effective: Fact[]; fact: Fact | undefined } {
  const effective = effectiveEvents([...foldRecordsOf(chart.enrolment), record], chart.calendar);
  const seq = record.kind === "event" ? record.seq : record.corrects;
  return { effective, fact: effective.find((event) => event.seq === seq) };
}
