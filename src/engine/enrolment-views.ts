import { ExpressionError, warningsOf, type Instant, type Warning, type When } from "../core/index.js";
import type { Clock } from "../platform/clock.js";
import type { Sql } from "../platform/statement.js";
import { openChart, type Chart } from "./deciding/chart.js";
import { pinAt, newestPin, type Rules } from "./model/rules.js";
import { standingAt } from "./deciding/place.js";
import type { EnrolmentSnapshot } from "./model/answer.js";
import { foldRecordsOf, type LoadedEnrolment } from "./model/loaded.js";
import type { Rulebook } from "./rulebook.js";
import { readRevealed } from "./storage/history.js";
import type { Loader } from "./storage/load.js";
import type { PatientVault } from "./storage/patient-vault.js";
import { recordOf } from "./storage/record-codec.js";
import { readHistory } from "./storage/record-rows.js";
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
    const resolve = (when: When | undefined): Instant => {
      return when === undefined ? now : typeof when === "number" ? when : chart.calendar.endOfDay(when);
    };
    const known = resolve(knownAt);
    const { seq, tasks } = await this.book(sql, enrolment, known);
    const picture: Picture = {
      ...{ row: enrolment.row, ...(await this.rulesAt(enrolment, seq)), seq, asOf: resolve(asOf) },
      records: () => foldRecordsOf(enrolment).filter((record) => record.recordedAt! <= known),
      tasks: () => tasks,
      texts: (of) => enrolment.reveal(of),
    };
    try {
      const snapshot = snapshotOf({ ...picture, ...standingIn(chart, picture) });
      // Drawn here, where a fault can still be told.
      void snapshot.projection;
      return snapshot;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return this.lastGood(chart, error);
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

  /** Where it stood when its newest record was written, and what keeps it from going on. */
  private lastGood(chart: Chart, fault: ExpressionError): EnrolmentSnapshot {
    const { enrolment, pathway, calendar, standing } = chart;
    const { row, seq, tasks } = enrolment;
    const snapshot = snapshotOf({
      ...{ row, pathway, calendar, seq, asOf: row.projectedTo, standing },
      records: () => foldRecordsOf(enrolment),
      tasks: () => bookOfRows(tasks),
      texts: (of) => enrolment.reveal(of),
      isRecorded: true,
    });
    const { projection } = snapshot;
    return { ...snapshot, projection, tasks: snapshot.tasks, fault: { place: fault.place } };
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
    const history = await readHistory(sql, this.schema, row.id, { after: 0, limit: seq });
    const then = history.filter((record) => record.recordedAt <= known);
    return { seq: then.at(-1)?.seq ?? 0, tasks: bookOfRecords(then.map(recordOf)) };
  }
}

/** The stored position gone on with, where the picture shows the present. */
function standingIn(chart: Chart, { seq, asOf }: Picture): Pick<Picture, "standing"> {
  const { enrolment, standing } = chart;
  const isPresent = seq === enrolment.seq && asOf >= standing.stored.position && asOf >= enrolment.lastRecordedAt;
  return isPresent ? { standing: standingAt(chart, standing, asOf) } : {};
}

/** What becomes of an event in the fold as it stands now. */
function effectOf({ enrolment, effective }: Chart): (seq: number) => Effective {
  const counting = new Set(effective.map(({ seq }) => seq));
  const aside = new Set(enrolment.row.stored.setAside);
  return (seq) => (aside.has(seq) ? "setAside" : counting.has(seq) ? "counts" : "struckOut");
}
