import { Inject, Injectable } from "@nestjs/common";
import { formatInstant, type Instant, type Role } from "../core/index.js";
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
import { countQuery, type Order, pageQuery, type Query } from "./worklist-query.js";
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
}

/** What is to be done, by whom, until when: read from rows that are written together with the state. */
@Injectable()
export class Worklist {
  constructor(
    private readonly reads: Reads,
    private readonly sites: Sites,
    private readonly patients: PatientReader,
    private readonly registry: PathwayRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async read(person: Person, filters: TaskFilters): Promise<TaskPage> {
    const now = this.clock.now();
    const { limit = DEFAULT_LIMIT, sort = "urgency" } = filters;
    const work = async (sql: Sql) => {
      const days = siteDays(await this.sites.all(sql), now);
      const asked = { filters, person: person.id, sites: sitesWhere(person, ROLES_FOR.readPatients), days, now };
      const [found, [counts]] = await Promise.all([
        query<Row>(sql, pageQuery(asked, limit)),
        query<TaskPage["counts"]>(sql, countQuery(asked)),
      ]);
      return { ...page(found, limit, (row) => [sort, ...placeOf(row, sort)]), counts: counts! };
    };
    const { rows, nextCursor, counts } = await this.reads.answer(person, "worklist", work, (shown) => [
      ...new Set(shown.rows.map((row) => row.enrolment_id)),
    ]);
    return { items: await this.answers(rows, now), nextCursor, counts };
  }

  private async answers(rows: readonly Row[], now: Instant): Promise<TaskPage["items"]> {
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
            asOf: now,
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
