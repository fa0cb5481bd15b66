import { ExpressionError, warningsOf, type Instant, type Warning, type When } from "../core/index.js";
import type { Clock } from "../platform/clock.js";
import type { Sql } from "../platform/statement.js";
import { openChart, type Chart } from "./deciding/chart.js";
import { pinAt, newestPin, type Rules } from "./model/rules.js";
import { standingBehind } from "./deciding/place.js";
import type { EnrolmentSnapshot } from "./model/answer.js";
import { foldRecordsOf, type LoadedEnrolment } from "./model/loaded.js";
import type { Rulebook } from "./rulebook.js";
import { readRevealed } from "./storage/history.js";
import type { Loader } from "./storage/load.js";
import type { PatientVault } from "./storage/patient-vault.js";
import { readSeqAt, readTaskRecords } from "./storage/record-rows.js";
import type { Schema } from "./storage/schema.js";
import { verifyHistories, type InSnapshot, type Verification } from "./storage/verify-chains.js";
import { historyItem, type Effective, type HistoryItem } from "./views/history-item.js";
import { bookOfRecords, bookOfRows, snapshotOf, type Picture, type TaskBook } from "./views/snapshot.js";

/** Default of both: now. A bare date means the end of the site's day. */
export interface Moment {
  asOf?: When;
  knownAt?: When;
}

/** Looks at enrolments without a lock and without writing: a timer that is due and not yet fired is shown as fired. */
export class EnrolmentViews {
  constructor(
    private readonly schema: Schema,
    private readonly loader: Loader,
    private readonly vault: PatientVault,
    private readonly rulebook: Rulebook,
    private readonly clock: Clock,
  ) {}

  /** Null for an id that nobody has. */
  async snapshot(sql: Sql, id: string, { asOf, knownAt }: Moment = {}): Promise<EnrolmentSnapshot | null> {
    const chart = await this.open(sql, id);
    if (!chart) return null;
    const { enrolment, now } = chart;
    const known = await this.resolveKnown(enrolment, knownAt ?? now);
    const { seq, tasks } = await this.book(sql, enrolment, known);
    const rules = await this.rulesAt(enrolment, seq);
    const picture: Picture = {
      ...{ row: enrolment.row, ...rules, seq, asOf: instantOf(asOf ?? now, rules) },
      records: () => foldRecordsOf(enrolment).filter((record) => record.recordedAt! <= known),
      tasks: () => tasks,
      texts: (of) => enrolment.reveal(of),
    };
    try {
      return drawn({ ...picture, standing: seq === enrolment.seq ? standingBehind(chart, picture.asOf) : undefined });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return { ...drawn(lastGood(chart, picture, known)), fault: { place: error.place } };
    }
  }

  /** What rows that are older than their column of warnings would say in it. */
  async warnings(sql: Sql, ids: readonly string[]): Promise<Map<string, readonly Warning[]>> {
    const found = new Map<string, readonly Warning[]>();
    for (const enrolment of await this.loader.read(sql, ids)) {
      if (!enrolment) continue;
      const { pathway, calendar, standing } = await this.chart(enrolment);
      found.set(enrolment.row.id, warningsOf(pathway, calendar, standing));
    }
    return found;
  }

  /** A page of the history, oldest first; null for an id that nobody has. */
  async history(sql: Sql, id: string, page: { after: number; limit: number }): Promise<HistoryItem[] | null> {
    const chart = await this.open(sql, id);
    const records = chart && (await readRevealed(sql, this.schema, this.vault, id, page));
    if (!chart || !records) return null;
    const effective = effectOf(chart);
    return Promise.all(
      records.map(async (revealed) => {
        const { pathway } = await this.rulesAt(chart.enrolment, revealed.record.seq);
        return historyItem(pathway, revealed, effective);
      }),
    );
  }

  /** The hash chain of one enrolment or of all; null for an id that nobody has. */
  verify(inSnapshot: InSnapshot, enrolmentId?: string): Promise<Verification | null> {
    return verifyHistories(inSnapshot, this.schema, enrolmentId);
  }

  /**
   * The last instant that is known at `when`. A bare date ends by the calendar that ruled when it ended (fold.md F1): by
   * that of the newest pin recorded until then. Where a pin was recorded after the day had ended by its own calendar and
   * before it had by the one before, the day ends with that pin.
   */
  private async resolveKnown({ pins }: LoadedEnrolment, when: When): Promise<Instant> {
    if (typeof when === "number") return when;
    let until = Infinity;
    for (const pin of [...pins].reverse()) {
      const { calendar } = await this.rulebook.fetch(pin);
      const end = Math.min(calendar.endOfDay(when), until);
      if (pin.recordedAt <= end || pin === pins[0]) return end;
      until = pin.recordedAt - 1;
    }
    throw new Error("A history without a pin: nobody knows what rules it.");
  }

  /** What ruled when a record was written. */
  private rulesAt({ pins }: LoadedEnrolment, seq: number): Promise<Rules> {
    return this.rulebook.fetch(pinAt(pins, seq));
  }

  private async open(sql: Sql, id: string): Promise<Chart | null> {
    const [enrolment] = await this.loader.read(sql, [id]);
    return enrolment ? this.chart(enrolment) : null;
  }

  private async chart(enrolment: LoadedEnrolment): Promise<Chart> {
    const rules = await this.rulebook.fetch(newestPin(enrolment));
    return openChart(enrolment, { ...rules, now: Math.max(this.clock.now(), enrolment.lastRecordedAt) });
  }

  /** The tasks as their rows tell now, or as the history told at an earlier moment. */
  private async book(sql: Sql, enrolment: LoadedEnrolment, known: Instant): Promise<{ seq: number; tasks: TaskBook }> {
    const { seq, lastRecordedAt, tasks, row } = enrolment;
    if (known >= lastRecordedAt) return { seq, tasks: bookOfRows(tasks) };
    const then = await readSeqAt(sql, this.schema, row.id, known);
    return { seq: then, tasks: bookOfRecords(await readTaskRecords(sql, this.schema, row.id, { upTo: then })) };
  }
}

const instantOf = (when: When, { calendar }: Rules): Instant =>
  typeof when === "number" ? when : calendar.endOfDay(when);

/** Drawn here, where a fault can still be told. */
function drawn(picture: Picture): EnrolmentSnapshot {
  const snapshot = snapshotOf(picture);
  const { projection, tasks } = snapshot;
  return { ...snapshot, projection, tasks };
}

/** As far as a fold of what was known went without a fault: what was recorded then, was recorded by such a fold. */
function lastGood(chart: Chart, picture: Picture, known: Instant): Picture {
  const { enrolment, standing } = chart;
  const { row, entries, firings, pins, seq } = enrolment;
  if (picture.seq === seq) return { ...picture, standing, asOf: row.projectedTo };
  const folded = [...entries.map(({ record }) => record.recordedAt!), ...firings.map(({ firedAt }) => firedAt)];
  const until = [...folded, ...pins.map(({ recordedAt }) => recordedAt)].filter((at) => at <= known);
  return { ...picture, asOf: Math.max(...until) };
}

/** What becomes of an event in the fold as it stands now. */
function effectOf({ enrolment, effective }: Chart): (seq: number) => Effective {
  const counting = new Set(effective.map(({ seq }) => seq));
  const aside = new Set(enrolment.row.stored.setAside);
  return (seq) => (aside.has(seq) ? "setAside" : counting.has(seq) ? "counts" : "struckOut");
}
