import { formatInstant, type Instant, parseInstant } from "../core/index.js";
import { isStorableInstant, readCursor } from "../http/index.js";
import { type Statement, statementOf } from "../platform/statement.js";
import { isStoredUuid } from "../platform/uuid.js";
import type { SiteDays } from "./site-days.js";
import type { TaskFilters } from "./worklist.schemas.js";

export interface Query {
  statement: Statement;
  values: unknown[];
}

export interface Asked {
  filters: TaskFilters;
  /** Who is `me`. */
  person: string;
  /** Sites that the person may see; null: all. */
  sites: string[] | null;
  days: SiteDays;
  now: Instant;
}

/** What is held or no longer open is neither overdue nor escalated. */
const RUNNING = `(t.status = 'open' and not t.held)`;
const OVERDUE = `(${RUNNING} and t.due_at < $1::timestamptz)`;
const TODAY = `(t.due_at >= d.today_from and t.due_at < d.today_to)`;
const WEEK = `(t.due_at >= d.today_from and t.due_at < d.week_to)`;
const DUE = { overdue: OVERDUE, today: TODAY, week: WEEK } as const;
/** Columns of each order (urgent sorts before routine), with the casts that their places in a cursor need. Every order ends with the id. */
const ORDERS = {
  urgency: { columns: ["t.urgency", "t.due_at", "t.id"], casts: ["task_urgency", "timestamptz", "uuid"] },
  dueAt: { columns: ["t.due_at", "t.id"], casts: ["timestamptz", "uuid"] },
  openedAt: { columns: ["t.opened_at", "t.id"], casts: ["timestamptz", "uuid"] },
} as const;
export type Order = keyof typeof ORDERS;

/** Written out, so that an index over the open ones alone serves them whatever else is asked for. */
const STATUS = { open: `t.status = 'open'`, closed: `t.status = 'closed'`, withdrawn: `t.status = 'withdrawn'` };

export function pageQuery(asked: Asked, limit: number): Query {
  const { filters, now } = asked;
  const order = ORDERS[filters.sort ?? "urgency"];
  const { conditions, values } = conditionsOf(asked);
  const days = filters.due === "today" || filters.due === "week" ? joinDays(asked.days, values) : "";
  if (filters.due) conditions.push(DUE[filters.due]);
  const place = readCursor<string[]>(
    filters.cursor,
    ([sort, ...parts]) => sort === (filters.sort ?? "urgency") && fitsCasts(parts, order.casts),
  );
  if (place) {
    const parameters = place.slice(1).map((part, index) => `$${values.push(part)}::${order.casts[index]}`);
    conditions.push(`(${order.columns.join()}) > (${parameters.join()})`);
  }
  const text = `
    select t.id, t.enrolment_id, t.key, t.title, t.role, t.urgency, t.opened_at, t.due_at, t.assignee,
      not ${RUNNING} as held,
      e.pathway_id, e.pathway_version, e.pathway_hash, e.warnings, e.person_id as patient_id, p.wrapped_key, p.sealed,
      exists (
        select from jsonb_array_elements(t.escalations) rung
        where (rung ->> 'at')::bigint <= $${values.push(now)} and ${RUNNING}
      ) as escalated
    from task t${days}
    join enrolment e on e.id = t.enrolment_id
    join patient p on p.id = e.person_id
    where ${conditions.join(" and ")}
    order by ${order.columns.join()}
    limit $${values.push(limit + 1)}`;
  return { statement: statementOf(text), values };
}

export function countQuery(asked: Asked): Query {
  const { conditions, values } = conditionsOf(asked);
  const text = `
    select count(*) filter (where ${OVERDUE}) as overdue, count(*) filter (where ${TODAY}) as today,
      count(*) filter (where ${WEEK}) as week, count(*) filter (where t.urgency = 'urgent') as urgent
    from task t${joinDays(asked.days, values)}
    where ${conditions.join(" and ")}`;
  return { statement: statementOf(text), values };
}

const NOTICE_DAYS = 30;
const MOST_NOTICES = 50;

/** Tasks of this person that others ended. Nobody ticks them off: they are told for some time, on every reading alike. */
export function noticeQuery({ person, sites, now }: Asked): Query {
  const values: unknown[] = [person, formatInstant(now)];
  const where = sites ? `and t.site_id = any ($${values.push(sites)})` : "";
  const text = `
    select t.id, t.enrolment_id, t.title, t.ended_by, t.ended_at, e.person_id as patient_id, p.wrapped_key, p.sealed
    from task t
    join enrolment e on e.id = t.enrolment_id
    join patient p on p.id = e.person_id
    where t.assignee = $1 and t.ended_by <> t.assignee
      and t.ended_at > $2::timestamptz - interval '${NOTICE_DAYS} days' ${where}
    order by t.ended_at desc, t.id
    limit ${MOST_NOTICES}`;
  return { statement: statementOf(text), values };
}

/** Where today and the week end at a task's site. */
function joinDays({ ids, todayFrom, todayTo, weekTo }: SiteDays, values: unknown[]): string {
  const texts = `$${values.push(ids)}::text[]`;
  const instants = [todayFrom, todayTo, weekTo].map((column) => `$${values.push(column)}::timestamptz[]`);
  return `
    join unnest(${[texts, ...instants].join()}) as d (site_id, today_from, today_to, week_to) on d.site_id = t.site_id`;
}

/** What somebody has claimed and, while it is open and nobody has, what falls to them as the responsible coordinator. */
function mine(person: string, status: keyof typeof STATUS): string {
  if (status !== "open") return `t.assignee = ${person}`;
  const responsible = `array(select id from enrolment where responsible = ${person} and status <> 'exited')`;
  return `(t.assignee = ${person}
    or (t.assignee is null and t.role = 'coordinator' and t.enrolment_id = any (${responsible})))`;
}

/** `$1` is now. */
function conditionsOf({ filters, person, sites, now }: Asked): { conditions: string[]; values: unknown[] } {
  const values: unknown[] = [formatInstant(now)];
  const conditions = [STATUS[filters.status ?? "open"]];
  conditions.push("(t.snoozed_until is null or t.snoozed_until <= $1::timestamptz)");
  const where = (column: string, value: string | undefined) => {
    if (value !== undefined) conditions.push(`${column} = $${values.push(value)}`);
  };
  where("t.role", filters.role);
  where("t.site_id", filters.site);
  where("t.pathway_id", filters.pathway);
  where("t.urgency", filters.urgency);
  if (filters.assignee === "none") conditions.push("t.assignee is null");
  else if (filters.assignee === "me") conditions.push(mine(`$${values.push(person)}`, filters.status ?? "open"));
  else where("t.assignee", filters.assignee);
  if (sites) conditions.push(`t.site_id = any ($${values.push(sites)})`);
  return { conditions, values };
}

function fitsCasts(parts: unknown[], casts: readonly string[]): boolean {
  const fits = (part: unknown, cast: string | undefined) => {
    if (typeof part !== "string") return false;
    if (cast === "task_urgency") return part === "urgent" || part === "routine";
    if (cast === "uuid") return isStoredUuid(part);
    return isStorableInstant(parseInstant(part));
  };
  return parts.length === casts.length && parts.every((part, index) => fits(part, casts[index]));
}
