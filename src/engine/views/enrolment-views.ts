import { Inject, Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";
import type { Instant, When } from "../../core/index.js";
import { CLOCK, type Clock } from "../../platform/clock.js";
import type { EnrolmentSnapshot } from "../model/answer.js";
import { standingAt } from "../deciding/place.js";
import { openChart, pinAt, type Chart, type Rules } from "../deciding/situation.js";
import { historyItem, type Effective, type HistoryItem } from "./history-item.js";
import { HistoryReader } from "../storage/history.js";
import { Loader } from "../storage/load.js";
import type { LoadedEnrolment } from "../model/loaded.js";
import { PatientVault } from "../storage/patient-vault.js";
import { Rulebook } from "../rulebook.js";
import { readHistory } from "../storage/record-rows.js";
import { bookOfRecords, bookOfRows, snapshotOf, type TaskBook } from "./snapshot.js";

/** Default of both: now. A bare date means the end of the site's day. */
export interface Moment {
  asOf?: When;
  knownAt?: When;
}

/** Looks at enrolments without a lock and without writing: a timer that is due and not yet fired is shown as fired. */
@Injectable()
export class EnrolmentViews {
  private readonly loader: Loader;
  private readonly histories: HistoryReader;

  constructor(
    private readonly dataSource: DataSource,
    vault: PatientVault,
    private readonly rulebook: Rulebook,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.loader = new Loader(vault);
    this.histories = new HistoryReader(vault);
  }

  /** Null for an id that nobody has. */
  async snapshot(id: string, { asOf, knownAt }: Moment = {}): Promise<EnrolmentSnapshot | null> {
    const chart = await this.open(id);
    if (!chart) return null;
    const { enrolment, now } = chart;
    const resolve = (when: When | undefined): Instant => {
      return when === undefined ? now : typeof when === "number" ? when : chart.calendar.endOfDay(when);
    };
    const known = resolve(knownAt);
    const records = enrolment.records.filter((record) => record.recordedAt! <= known);
    const at = resolve(asOf);
    const current =
      records.length === enrolment.records.length &&
      at >= enrolment.row.stored.position &&
      at >= enrolment.lastRecordedAt;
    const { seq, tasks } = await this.book(enrolment, known);
    const { pathway, calendar } = await this.rulesAt(enrolment, seq);
    return snapshotOf({
      ...{ row: enrolment.row, pathway, calendar, records, seq, asOf: at, tasks },
      texts: (of) => enrolment.reveal(of),
      ...(current && { standing: standingAt(chart, chart.standing, at) }),
    });
  }

  /** A page of the history, oldest first; null for an id that nobody has. */
  async history(id: string, page: { after: number; limit: number }): Promise<HistoryItem[] | null> {
    const chart = await this.open(id);
    const records = chart && (await this.histories.read(this.dataSource.manager, id, page));
    if (!chart || !records) return null;
    const effective = effectOf(chart);
    return Promise.all(
      records.map(async (record) => {
        const { pathway } = await this.rulesAt(chart.enrolment, record.seq);
        return historyItem(pathway, record, effective);
      }),
    );
  }

  /** What ruled when a record was written. */
  private rulesAt({ pins }: LoadedEnrolment, seq: number): Promise<Rules> {
    return this.rulebook.fetch(pinAt(pins, seq));
  }

  private async open(id: string): Promise<Chart | null> {
    const [loaded] = await this.loader.read(this.dataSource.manager, [id]);
    if (!loaded?.enrolment) return null;
    const { enrolment } = loaded;
    const { row, seq } = enrolment;
    const rules = await this.rulebook.fetch({ ...row, enrolmentId: row.id, seq });
    return openChart(enrolment, { ...rules, now: Math.max(this.clock.now(), enrolment.lastRecordedAt) });
  }

  /** The tasks as their rows tell now, or as the history told at an earlier moment. */
  private async book(enrolment: LoadedEnrolment, known: Instant): Promise<{ seq: number; tasks: TaskBook }> {
    const { seq, lastRecordedAt, tasks, row } = enrolment;
    if (known >= lastRecordedAt) return { seq, tasks: bookOfRows(tasks) };
    const history = await readHistory(this.dataSource.manager, row.id, { after: 0, limit: seq });
    const then = history.filter((record) => record.recordedAt <= known);
    return { seq: then.at(-1)?.seq ?? 0, tasks: bookOfRecords(then) };
  }
}

/** What becomes of an event in the fold as it stands now. */
function effectOf({ enrolment, effective }: Chart): (seq: number) => Effective {
  const counting = new Set(effective.map(({ seq }) => seq));
  const aside = new Set(enrolment.row.stored.setAside);
  return (seq) => (aside.has(seq) ? "setAside" : counting.has(seq) ? "counts" : "struckOut");
}
