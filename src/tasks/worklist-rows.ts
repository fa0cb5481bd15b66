import { Injectable } from "@nestjs/common";
import { formatInstant, type Instant, type Role, type Warning } from "../core/index.js";
import { EnrolmentViews } from "../engine/index.js";
import { PathwayRegistry } from "../pathways/index.js";
import { PatientReader } from "../patients/index.js";
import type { Sql } from "../platform/statement.js";
import type { TaskAnswer } from "./task.schemas.js";
import { taskAnswer } from "./task-view.js";
import { type Asked, type Order, pageQuery, type Query } from "./worklist-query.js";

interface Row {
  id: string;
  enrolment_id: string;
  site_id: string;
  key: string;
  title: string;
  role: Role;
  urgency: "routine" | "urgent";
  opened_at: Instant;
  due_at: Instant;
  /** Or no longer open: its due time does not count. */
  held: boolean;
  assignee: string | null;
  snoozed_until: Instant | null;
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

/** A task as the worklist reads it. */
export type TaskRow = Row & { warnings: readonly Warning[] };

/** Reads tasks from rows that are written together with the state, and makes of them what is shown. */
@Injectable()
export class WorklistRows {
  constructor(
    private readonly patients: PatientReader,
    private readonly registry: PathwayRegistry,
    private readonly views: EnrolmentViews,
  ) {}

  /** One more than asked for, where there are more. */
  async page(sql: Sql, asked: Asked, limit: number): Promise<TaskRow[]> {
    const rows = await query<Row>(sql, pageQuery(asked, limit));
    const old = rows.filter(({ warnings }) => warnings === null).map(({ enrolment_id }) => enrolment_id);
    const found = old.length > 0 ? await this.views.warnings(sql, [...new Set(old)]) : undefined;
    return rows.map((row) => ({ ...row, warnings: row.warnings ?? found?.get(row.enrolment_id) ?? [] }));
  }

  answers(rows: readonly TaskRow[], now: Instant): Promise<TaskAnswer[]> {
    const patients = this.patients.openAll(rows.map((row) => ({ ...row, id: row.patient_id })));
    return Promise.all(
      rows.map(async (row) => {
        const pathway = await this.registry.pathway(row.pathway_id, row.pathway_version);
        const task = { ...row, openedAt: row.opened_at, dueAt: row.due_at, snoozedUntil: row.snoozed_until };
        return taskAnswer(
          { ...task, resolves: pathway?.task(row.key)?.resolves ?? [] },
          {
            enrolmentId: row.enrolment_id,
            pathway: { id: row.pathway_id, version: row.pathway_version, hash: row.pathway_hash },
            patient: patients.get(row.patient_id)!,
            ...{ site: row.site_id, asOf: now, warnings: row.warnings },
          },
        );
      }),
    );
  }
}

export function query<Result>(sql: Sql, { statement, values }: Query): Promise<Result[]> {
  return sql.rows<Result>(statement, values);
}

/** A cursor's place of a row, which names its order. */
export function placeOf(row: TaskRow, order: Order): string[] {
  const due = formatInstant(row.due_at);
  switch (order) {
    case "urgency":
      return [order, row.urgency, due, row.id];
    case "dueAt":
      return [order, due, row.id];
    case "openedAt":
      return [order, formatInstant(row.opened_at), row.id];
  }
}
