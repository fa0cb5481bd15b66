import {
  effectiveEvents,
  fold,
  makeLog,
  type Fact,
  type FoldRecord,
  type Instant,
  type SetAside,
  type Standing,
} from "../../core/index.js";
import { foldRecordsOf, type Kept, type LoadedEnrolment } from "../model/loaded.js";
import type { Rules, Setting } from "../model/rules.js";

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
    position = { pathway, calendar, standing: standingOnRecord(kept, setting, all()) };
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
      const { log, stored, setAside } = standing;
      const aside = stored.setAside.length === 0 ? undefined : setAside.at(-1)?.event;
      return Math.max(log.last()?.at ?? -Infinity, aside?.at ?? -Infinity);
    },
  };
}

/** The row says which events take no part. Why, only a whole fold tells: done once, where somebody asks, and carried on. */
function standingOnRecord({ row }: Kept, { pathway, calendar }: Rules, effective: readonly Fact[]): Standing {
  const { projectedTo } = row;
  // A database orders members by a rule of its own.
  const stored = { ...row.stored, value: pathway.interpreter.inDocumentOrder(row.stored.value) };
  const isAside = new Set(stored.setAside);
  const taken = effective.filter((event) => !isAside.has(event.seq));
  let setAside: readonly SetAside[] | undefined = isAside.size === 0 ? [] : undefined;
  return {
    stored,
    log: makeLog(pathway, taken),
    get setAside() {
      return (setAside ??= fold(pathway, calendar, effective, projectedTo).setAside);
    },
  };
}

/** The effective events with one more record, and the one that it is about. */
export function withRecord(chart: Chart, record: FoldRecord): { effective: Fact[]; fact: Fact | undefined } {
  const effective = effectiveEvents([...foldRecordsOf(chart.enrolment), record], chart.calendar);
  const seq = record.kind === "event" ? record.seq : record.corrects;
  return { effective, fact: effective.find((event) => event.seq === seq) };
}
