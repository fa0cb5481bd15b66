import {
  effectiveEvents,
  makeLog,
  type Calendar,
  type Fact,
  type FoldRecord,
  type Instant,
  type Pathway,
  type Role,
  type Standing,
} from "../../core/index.js";
import type { Loaded, LoadedEnrolment } from "../model/loaded.js";

/** Everything that one command is decided from, besides itself. Values and pure functions only. */
export interface Situation {
  loaded: Loaded;
  /** Null: a pathway or a version that is not published. */
  pathway: Pathway | null;
  /** Null: an unknown site. */
  calendar: Calendar | null;
  /** The engine's clock under the lock, never before the enrolment's newest record. */
  now: Instant;
  /** Roles at the site of the people that the command names; undefined where nobody knows them. */
  rolesOf(person: string): readonly Role[] | undefined;
  /** Ids for what the command may bring into being. */
  ids: { enrolment: string; patient: string };
}

/** Where events find their place: the rules, and the present. */
export interface Ground {
  pathway: Pathway;
  calendar: Calendar;
  now: Instant;
  rolesOf(person: string): readonly Role[] | undefined;
}

/** An enrolment under its lock with what rules it. */
export interface Case extends Ground {
  enrolment: LoadedEnrolment;
  /** All effective events, those set aside included, in order. */
  effective: readonly Fact[];
  standing: Standing;
}

export function makeCase(enrolment: LoadedEnrolment, ground: Ground): Case {
  const effective = effectiveEvents(enrolment.records, ground.calendar);
  const { stored } = enrolment.row;
  const aside = new Set(stored.setAside);
  return {
    ...ground,
    enrolment,
    effective,
    standing: {
      stored,
      log: makeLog(
        ground.pathway,
        effective.filter((event) => !aside.has(event.seq)),
      ),
    },
  };
}

/** The effective events with one more record, and the one that it is about. */
export function withRecord(kase: Case, record: FoldRecord): { effective: Fact[]; fact: Fact | undefined } {
  const effective = effectiveEvents([...kase.enrolment.records, record], kase.calendar);
  const seq = record.kind === "event" ? record.seq : record.corrects;
  return { effective, fact: effective.find((event) => event.seq === seq) };
}
