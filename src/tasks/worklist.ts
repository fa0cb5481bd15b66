import { Inject, Injectable } from "@nestjs/common";
import { formatInstant, type Instant, type Role, type Warning } from "../core/index.js";
import { EnrolmentViews } from "../engine/index.js";
import { PatientReader } from "../patients/index.js";
import { DEFAULT_LIMIT, page } from "../http/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Sql } from "../platform/statement.js";
import { Reads } from "../reads/index.js";
import { Sites } from "../sites/index.js";
import { siteDays } from "./site-days.js";
import { taskAnswer } from "./task-view.js";
import { type Asked, countQuery, noticeQuery, type Order, pageQuery, type Query } from "./worklist-query.js";
import type { TaskFilters, TaskPage } from "./worklist.schemas.js";

interface Row {
  id: string;
  enrolment_id: string;
  key: string;
  title: string;
  role: Role;
  urgency: "routine" | "urgent";
  opened_at: Instant;
  due_at: Instant;
  /** Or no longer open: its due time does not count. */
  held: boolean;
  assignee: string | null;
  patient_id: string;
  wrapped_key: Buffer | null;
  sealed: Buffer;
  pathway_id: string;
  pathway_version: string;
  pathway_hash: string;
  escalated: boolean;
  /** Null: the enrolment's row is older than what it would say here. */
  warnings: readonly Warning[] | null;
}

interface EndedRow extends Pick<Row, "id" | "enrolment_id" | "title" | "patient_id" | "wrapped_key" | "sealed"> {
  ended_by: string;
  ended_at: Instant;
}

/** What is to be done, by whom, until when: read from rows that are written together with the state. */
@Injectable()
export class Worklist {
  constructor(
    private readonly reads: Reads,
    private readonly sites: Sites,
    private readonly patients: PatientReader,
    private readonly registry: PathwayRegistry,
    private readonly views: EnrolmentViews,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async read(person: Person, filters: TaskFilters): Promise<TaskPage> {
    const now = this.clock.now();
    const { limit = DEFAULT_LIMIT, sort = "urgency" } = filters;
    const work = async (sql: Sql) => {
      const days = siteDays(await this.sites.all(sql), now);
      const asked = { filters, person: person.id, sites: sitesWhere(person, ROLES_FOR.readPatients), days, now };
      const [found, [counts], ended] = await Promise.all([
        this.page(sql, asked, limit),
        query<TaskPage["counts"]>(sql, countQuery(asked)),
        beginsOwn(person, filters) ? query<EndedRow>(sql, noticeQuery(asked)) : [],
      ]);
      return { ...page(found, limit, (row) => [sort, ...placeOf(row, sort)]), counts: counts!, ended };
    };
    const { rows, nextCursor, counts, ended } = await this.reads.answer(person, "worklist", work, (shown) => [
      ...new Set([...shown.rows, ...shown.ended].map((row) => row.enrolment_id)),
    ]);
    return { items: await this.answers(rows, now), nextCursor, notices: this.notices(ended), counts };
  }

  private notices(rows: readonly EndedRow[]): TaskPage["notices"] {
    const patients = this.patients.openAll(rows.map((row) => ({ ...row, id: row.patient_id })));
    return rows.map(({ id, enrolment_id, title, ended_by, ended_at, patient_id }) => ({
      ...{ taskId: id, enrolmentId: enrolment_id, patient: patients.get(patient_id)!, title },
      ...{ endedBy: ended_by, endedAt: formatInstant(ended_at) },
      detail: `You had claimed "${title}": ${ended_by} ended it.`,
    }));
  }

  private async page(sql: Sql, asked: Asked, limit: number): Promise<(Row & { warnings: readonly Warning[] })[]> {
    const rows = await query<Row>(sql, pageQuery(asked, limit));
    const old = rows.filter(({ warnings }) => warnings === null).map(({ enrolment_id }) => enrolment_id);
    const found = old.length > 0 ? await this.views.warnings(sql, [...new Set(old)]) : undefined;
    return rows.map((row) => ({ ...row, warnings: row.warnings ?? found?.get(row.enrolment_id) ?? [] }));
  }

  private async answers(
    rows: readonly (Row & { warnings: readonly Warning[] })[],
    now: Instant,
  ): Promise<TaskPage["items"]> {
    const patients = this.patients.openAll(rows.map((row) => ({ ...row, id: row.patient_id })));
    return Promise.all(
      rows.map(async (row) => {
        const pathway = await this.registry.pathway(row.pathway_id, row.pathway_version);
        const task = { ...row, openedAt: row.opened_at, dueAt: row.due_at };
        return taskAnswer(
          { ...task, resolves: pathway?.task(row.key)?.resolves ?? [] },
          {
            enrolmentId: row.enrolment_id,
            pathway: { id: row.pathway_id, version: row.pathway_version, hash: row.pathway_hash },
            patient: patients.get(row.patient_id)!,
            ...{ asOf: now, warnings: row.warnings },
          },
        );
      }),
    );
  }
}

function query<Result>(sql: Sql, { statement, values }: Query): Promise<Result[]> {
  return sql.rows<Result>(statement, values);
}

function placeOf(row: Row, order: Order): string[] {
  const due = formatInstant(row.due_at);
  switch (order) {
    case "urgency":
      return [row.urgency, due, row.id];
    case "dueAt":
      return [due, row.id];
    case "openedAt":
      return [formatInstant(row.opened_at), row.id];
  }
}

/** The first page of a list in which tasks of their own stand. */
function beginsOwn({ id }: Person, { assignee = id, cursor }: TaskFilters): boolean {
  return cursor === undefined && (assignee === "me" || assignee === id);
}
