import { Inject, Injectable } from "@nestjs/common";
import { formatInstant, type Instant, type Role } from "../core/index.js";
import { PatientReader } from "../patients/index.js";
import { DEFAULT_LIMIT, page } from "../http/index.js";
import { type Person, ROLES_FOR, sitesWhere } from "../people/index.js";
import { CLOCK, type Clock } from "../platform/clock.js";
import type { Sql } from "../platform/statement.js";
import { Reads } from "../reads/index.js";
import { Sites } from "../sites/index.js";
import { siteDays } from "./site-days.js";
import { type Asked, countQuery, noticeQuery } from "./worklist-query.js";
import { placeOf, query, type TaskRow, WorklistRows } from "./worklist-rows.js";
import type { NextTask, TaskFilters, TaskPage, TaskSearch } from "./worklist.schemas.js";

interface EndedRow extends Pick<TaskRow, "id" | "enrolment_id" | "title" | "patient_id" | "wrapped_key" | "sealed"> {
  ended_by: string;
  ended_at: Instant;
}

/** What is to be done, by whom, until when. */
@Injectable()
export class Worklist {
  constructor(
    private readonly reads: Reads,
    private readonly sites: Sites,
    private readonly patients: PatientReader,
    private readonly rows: WorklistRows,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async read(person: Person, { q, ...filters }: TaskSearch): Promise<TaskPage> {
    const now = this.clock.now();
    const { limit = DEFAULT_LIMIT, sort = "urgency" } = filters;
    const work = async (sql: Sql) => {
      const patients = q === undefined ? undefined : await this.patients.find(sql, q);
      const asked = { ...(await this.asked(sql, person, filters, now)), ...(patients && { patients }) };
      const [found, [counts], ended] = await Promise.all([
        this.rows.page(sql, asked, limit),
        query<TaskPage["counts"]>(sql, countQuery(asked)),
        beginsOwn(person, filters) ? query<EndedRow>(sql, noticeQuery(asked)) : [],
      ]);
      return { ...page(found, limit, (row) => placeOf(row, sort)), counts: counts!, ended };
    };
    const { rows, nextCursor, counts, ended } = await this.reads.answer(person, "worklist", work, (shown) => [
      ...new Set([...shown.rows, ...shown.ended].map((row) => row.enrolment_id)),
    ]);
    return { items: await this.rows.answers(rows, now), nextCursor, notices: this.notices(ended), counts };
  }

  /** The first in the worklist's order of what is the person's own, or nobody's and for a role that they hold there. */
  async next(person: Person): Promise<NextTask> {
    const now = this.clock.now();
    const roles = ROLES_FOR.writePatients;
    const work = async (sql: Sql) => {
      const all = await this.asked(sql, person, {}, now);
      const first = (filters: TaskFilters, as: readonly Role[]): Promise<TaskRow[]> =>
        this.rows.page(sql, { ...all, filters, sites: sitesWhere(person, as), onlyRunning: true }, 1);
      const held = roles.filter((role) => person.grants.some((grant) => grant.role === role));
      const found = await Promise.all([
        first({ assignee: person.id }, roles),
        ...held.map((role) => first({ assignee: "none", role }, [role])),
      ]);
      return found.flat().sort(byUrgency).slice(0, 1);
    };
    const rows = await this.reads.answer(person, "worklist", work, (shown) => shown.map((row) => row.enrolment_id));
    const [task = null] = await this.rows.answers(rows, now);
    return task ? { task } : { task, detail: NOTHING };
  }

  private async asked(sql: Sql, person: Person, filters: TaskFilters, now: Instant): Promise<Asked> {
    const days = siteDays(await this.sites.all(sql), now);
    return { filters, person: person.id, sites: sitesWhere(person, ROLES_FOR.readPatients), days, now };
  }

  private notices(rows: readonly EndedRow[]): TaskPage["notices"] {
    const patients = this.patients.openAll(rows.map((row) => ({ ...row, id: row.patient_id })));
    return rows.map(({ id, enrolment_id, title, ended_by, ended_at, patient_id }) => ({
      ...{ taskId: id, enrolmentId: enrolment_id, patient: patients.get(patient_id)!, title },
      ...{ endedBy: ended_by, endedAt: formatInstant(ended_at) },
      detail: `You had claimed "${title}": ${ended_by} ended it.`,
    }));
  }
}

const NOTHING =
  "Nothing open is yours, or nobody's and for a role of yours. What is snoozed or held comes back by itself.";

function byUrgency(one: TaskRow, other: TaskRow): number {
  const isLess = (a: TaskRow, b: TaskRow): boolean => {
    if (a.urgency !== b.urgency) return a.urgency === "urgent";
    return a.due_at !== b.due_at ? a.due_at < b.due_at : a.id < b.id;
  };
  if (isLess(one, other)) return -1;
  return isLess(other, one) ? 1 : 0;
}

/** The first page of a list in which tasks of their own stand. */
function beginsOwn({ id }: Person, { assignee = id, cursor }: TaskFilters): boolean {
  return cursor === undefined && (assignee === "me" || assignee === id);
}
